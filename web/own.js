/** Folders that belong to the page's origin alone (the origin private file system, OPFS). A worker writes there in place. */

import { ClipwrightError, connect } from '../wasm-shims/rpc.js';
import { spawn } from '../wasm-shims/spawn.js';
import { workerOf } from '../wasm-shims/workers.js';

/**
 * @typedef {FileSystemFileHandle & {move: (name: string) => Promise<void>}} Movable
 */

/** What is not finished is called so. */
const PART = '.part';
/** Starting a second worker takes longer than it saves below this. */
const SHARED_SIZE = 64 << 20;
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
        await written(file, blob, wrote, signal);
        signal?.throwIfAborted();
        await file.move(name);
    } catch (error) {
        await removed(directory, part);
        throw error;
    }
}

/**
 * By two workers, half each, where the browser lets them have the same file open: one alone is busy with copying all the time.
 * @param {FileSystemFileHandle} file
 * @param {Blob} blob
 * @param {(size: number) => void} wrote
 * @param {AbortSignal} [signal]
 */
async function written(file, blob, wrote, signal) {
    const writers = [startWriter()];
    try {
        const isShared = await writers[0].request('open', { file, size: blob.size }, { signal });
        if (isShared && blob.size > SHARED_SIZE) {
            writers.push(startWriter());
            await writers[1].request('open', { file, size: blob.size }, { signal });
        }
        const share = Math.ceil(blob.size / writers.length);
        await Promise.all(writers.map(({ request }, i) => {
            const own = blob.slice(i * share, (i + 1) * share);
            let before = 0;
            /** @param {{done: number}} progress */
            const onProgress = ({ done }) => {
                wrote(done * own.size - before);
                before = done * own.size;
            };
            return request('write', { blob: own, at: i * share }, { signal, onProgress });
        }));
    } finally {
        // With them goes their hold on the file.
        writers.forEach(({ stop }) => stop());
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

function startWriter() {
    const worker = spawn(workerOf('saving.worker.js', import.meta.url), 'clipwright saving');
    const { request, fail } = connect(worker);
    worker.addEventListener('error', (event) => {
        event.preventDefault();
        fail(new ClipwrightError('internal', 'A part of Clipwright could not be loaded.', { hint: 'Reload the page.', detail: event.message ?? '' }));
    });
    return { request, stop: () => worker.terminate() };
}
