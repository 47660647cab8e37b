/**
 * Where a result may lie on disk while it is made: a file in a folder of the origin private file system.
 *
 * Every tab has a folder to itself, called as the Web Lock that the tab holds for as long as it lives.
 */

/** @typedef {{folder: string, name: string}} Place */

const ROOT = 'clipwright-scratch';

/** @returns {Promise<FileSystemDirectoryHandle>} the folder that holds the tabs' folders; rejects where there is no such storage */
export async function scratchRoot() {
    const storage = await navigator.storage.getDirectory();
    return storage.getDirectoryHandle(ROOT, { create: true });
}

/** @param {Place} place @returns {Promise<FileSystemFileHandle>} a new file */
export async function createFile({ folder, name }) {
    const root = await scratchRoot();
    const own = await root.getDirectoryHandle(folder, { create: true });
    return own.getFileHandle(name, { create: true });
}

/**
 * Rejects with NotFoundError where it is not there, with another error while somebody writes it.
 * @param {Place} place
 */
export async function removeFile({ folder, name }) {
    const root = await scratchRoot();
    const own = await root.getDirectoryHandle(folder);
    await own.removeEntry(name);
}
