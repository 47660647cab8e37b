/** Every way a file comes in: dropped anywhere, pasted, or chosen. */

/**
 * @param {{overlay: HTMLElement, picker: HTMLInputElement}} elements
 * @param {(file: File, more: File[]) => void} onFile `more`: further files that came with it
 */
export function fileEntrances({ overlay, picker }, onFile) {
    let depth = 0;

    /** @param {FileList | null | undefined} files */
    function take(files) {
        if (files?.length) onFile(files[0], [...files].slice(1));
    }

    /** @param {boolean} inside */
    function show(inside) {
        depth = inside ? depth : 0;
        overlay.hidden = !inside;
    }

    addEventListener('dragenter', (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth += 1;
        show(true);
    });
    addEventListener('dragleave', (event) => {
        if (!carriesFiles(event)) return;
        depth -= 1;
        if (depth <= 0) show(false);
    });
    addEventListener('dragover', (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    });
    addEventListener('drop', (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        show(false);
        take(event.dataTransfer?.files);
    });
    addEventListener('paste', (event) => {
        if (!event.clipboardData?.files.length) return;
        event.preventDefault();
        take(event.clipboardData.files);
    });
    picker.addEventListener('change', () => {
        take(picker.files);
        // The same file may be chosen again.
        picker.value = '';
    });
}

/** @param {DragEvent} event */
function carriesFiles(event) {
    return event.dataTransfer?.types.includes('Files') ?? false;
}
