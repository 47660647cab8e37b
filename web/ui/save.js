/** Getting the clip out of the browser: to a file the person picks, to the downloads, or to another app. */

import { saveAs } from '../folder.js';

/**
 * Ask for a place and write there.
 * @param {Blob} blob
 * @param {string} name
 * @returns {Promise<string | null>} the name it was saved under; null where there is no such picker
 */
export async function saveToPicked(blob, name) {
    const pick = /** @type {any} */ (globalThis).showSaveFilePicker;
    if (!pick) return null;
    const handle = await inFrame(() => pick({ suggestedName: name }));
    if (!handle) return null;
    try {
        await saveAs(handle, blob);
    } catch (error) {
        await removeEmpty(handle);
        throw error;
    }
    return handle.name;
}

/**
 * The picker makes an empty file at once; nobody should find it and take it for the clip.
 * @param {any} handle a FileSystemFileHandle, with `remove` where the browser has it
 */
async function removeEmpty(handle) {
    try {
        if ((await handle.getFile()).size === 0) await handle.remove?.();
    } catch {
        // What made writing fail may forbid this too; the error that is shown says what happened.
    }
}

/** @returns {boolean} */
export function canPick() {
    return 'showSaveFilePicker' in globalThis;
}

/** @returns {boolean} */
export function canPickFolder() {
    return 'showDirectoryPicker' in globalThis;
}

/**
 * Ask for a folder to write into.
 * @returns {Promise<FileSystemDirectoryHandle | null>} null where there is no such picker
 */
export async function pickFolder() {
    const pick = /** @type {any} */ (globalThis).showDirectoryPicker;
    return pick ? inFrame(() => pick({ mode: 'readwrite' })) : null;
}

/**
 * An embedded page may have a picker but not the right to use it.
 * @template T
 * @param {() => Promise<T>} pick
 * @returns {Promise<T | null>}
 */
async function inFrame(pick) {
    try {
        return await pick();
    } catch (error) {
        if (error instanceof DOMException && error.name === 'SecurityError') return null;
        throw error;
    }
}

/**
 * Hand the clip to the browser's downloads, which say themselves when they are done.
 * @param {string} url an object URL
 * @param {string} name
 */
export function download(url, name) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @returns {ShareData | null} what to share, where this browser can
 */
export function shareable(blob, name) {
    const data = { files: [new File([blob], name, { type: blob.type })] };
    return navigator.canShare?.(data) ? data : null;
}
