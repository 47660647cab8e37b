/** The buttons that get a finished clip out of the browser. */

import { find } from './dom.js';
import { canPick, download, saveToPicked, shareable } from './save.js';

/** @typedef {{blob: Blob, name: string, url: string}} Clip `url`: an object URL of `blob` */

/**
 * @param {HTMLElement} root
 * @param {(action: string, error: unknown) => void} onFailure
 * @returns {(clip: Clip | null) => void} the clip that the buttons speak of from now on
 */
export function saving(root, onFailure) {
    const save = find(root, '#save', HTMLAnchorElement);
    const share = find(root, '#share', HTMLButtonElement);
    const status = find(root, '#save-status', HTMLElement);
    /** @type {Clip | null} */
    let current = null;

    async function store() {
        if (!current) return;
        const { blob, name, url } = current;
        status.textContent = canPick() ? 'Saving…' : '';
        try {
            const saved = await saveToPicked(blob, name);
            if (saved === null) download(url, name);
            status.textContent = saved === null ? 'Handed to your browser’s downloads.' : `Saved as ${saved}.`;
        } catch (error) {
            status.textContent = '';
            if (!isAbort(error)) onFailure('saved', error);
        }
    }

    async function pass() {
        const data = current && shareable(current.blob, current.name);
        if (!data) return;
        try {
            await navigator.share(data);
        } catch (error) {
            if (!isAbort(error)) onFailure('shared', error);
        }
    }

    save.addEventListener('click', (event) => {
        event.preventDefault();
        void store();
    });
    save.addEventListener('keydown', (event) => {
        // It is a link, so that its address can be copied and dragged, but it is called a button.
        if (event.key !== ' ') return;
        event.preventDefault();
        void store();
    });
    share.addEventListener('click', () => void pass());

    return (clip) => {
        current = clip;
        status.textContent = '';
        save.href = clip?.url ?? '';
        save.download = clip?.name ?? '';
        share.hidden = !clip || shareable(clip.blob, clip.name) === null;
    };
}

/** @param {unknown} error */
function isAbort(error) {
    return error instanceof DOMException && error.name === 'AbortError';
}
