/** How a file comes into the element: chosen or dropped. Its page's other drops are its own affair. */

/** @import {View} from './view.js' */

/**
 * @param {View} view
 * @param {(file: File) => void} onFile
 */
export function entrances({ root, picker, choose, other }, onFile) {
    for (const button of [choose, other]) button.addEventListener('click', () => picker.click());
    picker.addEventListener('change', () => {
        const file = picker.files?.[0];
        if (file) onFile(file);
        picker.value = '';
    });
    for (const type of /** @type {const} */ (['dragenter', 'dragover'])) {
        root.addEventListener(type, (event) => {
            if (!event.dataTransfer?.types.includes('Files')) return;
            event.preventDefault();
            event.dataTransfer.dropEffect = 'copy';
            root.toggleAttribute('data-over', true);
        });
    }
    root.addEventListener('dragleave', (event) => {
        if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) root.toggleAttribute('data-over', false);
    });
    root.addEventListener('drop', (event) => {
        root.toggleAttribute('data-over', false);
        const file = event.dataTransfer?.files[0];
        if (!file) return;
        event.preventDefault();
        onFile(file);
    });
}
