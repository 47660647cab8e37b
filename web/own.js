/** Folders that belong to the page's origin alone (the origin private file system, OPFS). A worker writes there in place. */

import { ClipwrightError, connect } from '../wasm-shims/rpc.js';
import { spawn } from '../wasm-shims/spawn.js';

/**
 * @typedef {FileSystemFileHandle & {move: (name: string) => Promise<void>}} Movable
 */

/** What is not finished is called so. */
const PART = '.part';
const REMOVALS = 20;
const REMOVAL_MS = 50;

/**
 * Whether a worker can write there: what a person picked lies outside, and some browsers cannot give a finished file its name.
 * @param {FileSystemDirectoryHandle} directory
 */
export async function isOwn(directory) {
    if (!('move' in FileSystemFileHandle.prototype)) return false;
    try {
        const root = await navigator.storage.getDirectory();
        return (await root.resolve(directory)) !== null;
    } catch {
        // Embedded pages and private windows may have none; a folder that was picked is written to all the same.
        return false;
    }
}

/**
 * Write a file that gets its name when it is whole; nothing is left of one that could not be finished.
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name free in it
 * @param {Blob} blob
 * @param {(size: number) => void} wrote hears of every piece
 * @param {AbortSignal} [signal]
 */
export async function saveOwn(directory, name, blob, wrote, signal) {
    const part = `${name}${PART}`;
    try {
        const file = /** @type {Movable} */ (await directory.getFileHandle(part, { create: true }));
        let before = 0;
        /** @param {{done: number}} progress */
        const onProgress = ({ done }) => {
            wrote(done * blob.size - before);
            before = done * blob.size;
        };
        const worker = spawn(new URL('./saving.worker.js', import.meta.url), 'clipwright saving');
        // With the worker goes its hold on the file.
        await connected(worker).request('save', { file, blob }, { signal, onProgress }).finally(() => worker.terminate());
        signal?.throwIfAborted();
        await file.move(name);
    } catch (error) {
        await removed(directory, part);
        throw error;
    }
}

/**
 * Remove a file that could not be finished. What made writing fail may forbid this too; the error that is shown says what happened.
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 */
export async function removed(directory, name) {
    for (let tries = 0; tries < REMOVALS; tries++) {
        try {
            return await directory.removeEntry(name);
        } catch (error) {
            // The browser lets go of a file a moment after it says so.
            if (!(error instanceof DOMException && error.name === 'NoModificationAllowedError')) return;
            await new Promise((go) => setTimeout(go, REMOVAL_MS));
        }
    }
}

/** @param {Worker} worker */
function connected(worker) {
    const rpc = connect(worker);
    worker.addEventListener('error', (event) => {
        event.preventDefault();
        rpc.fail(new ClipwrightError('internal', 'A part of Clipwright could not be loaded.', { hint: 'Reload the page.', detail: event.message ?? '' }));
    });
    return rpc;
}
