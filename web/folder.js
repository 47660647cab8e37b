/** Writing into files and folders that the person picked (File System Access), or the page's own: none overwritten, none left half written. */

import { ClipwrightError, cancelled, fromWire, throttled, toWire } from '../wasm-shims/rpc.js';
import { isOwn, removed, saveOwn } from './own.js';

/**
 * @import {Options} from './client.js'
 * @import {Entry} from '../wasm-shims/zip.js'
 */

const MAX_NUMBER = 9999;

/** Bytes between two looks at the signal. The browser writes a piece of a Blob twice as fast as the page pumps a stream. */
const PIECE = 1 << 25;

const FULL = new DOMException('The file can be read but not written.', 'QuotaExceededError');

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {Entry[]} entries
 * @param {Options} [options]
 * @returns {Promise<string[]>} the names they were saved under, in order; where one is taken it gets a number: `clip (2).mp4`
 */
export async function saveInto(directory, entries, { signal, onProgress = () => {} } = {}) {
    const total = entries.reduce((sum, { blob }) => sum + blob.size, 0);
    const tell = throttled(onProgress);
    let written = 0;
    /** @param {number} size */
    const wrote = (size) => tell({ done: Math.min((written += size) / total, 1), stage: 'Saving', eta_s: null });
    const save = (await isOwn(directory)) ? saveOwn : savePicked;
    const names = [];
    for (const { name: wanted, blob } of entries) {
        try {
            signal?.throwIfAborted();
            const name = await unused(directory, wanted);
            await save(directory, name, blob, wrote, signal);
            names.push(name);
        } catch (error) {
            throw signal?.aborted ? cancelled() : translated((await isFull(error, blob)) ? FULL : error);
        }
    }
    return names;
}

/**
 * Write a file that the person picked. The browser swaps the finished one in at the end, so a half-written one is never seen.
 * @param {FileSystemFileHandle} handle
 * @param {Blob} blob
 */
export async function saveAs(handle, blob) {
    await write(await handle.createWritable(), pieces(blob, () => {}));
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name free in it
 * @param {Blob} blob
 * @param {(size: number) => void} wrote
 * @param {AbortSignal} [signal]
 */
async function savePicked(directory, name, blob, wrote, signal) {
    const handle = await directory.getFileHandle(name, { create: true });
    try {
        await write(await handle.createWritable(), pieces(blob, wrote, signal));
    } catch (error) {
        await removed(directory, name);
        throw error;
    }
}

/**
 * @param {FileSystemWritableFileStream} file
 * @param {Iterable<Blob>} parts
 */
async function write(file, parts) {
    try {
        for (const part of parts) await file.write(part);
        await file.close();
    } catch (error) {
        // Lets go of the file, which could not be removed otherwise; where writing failed it has happened already.
        await file.abort().catch(() => {});
        throw error;
    }
}

/**
 * @param {Blob} blob
 * @param {(size: number) => void} wrote hears of every piece when the next one is asked for
 * @param {AbortSignal} [signal]
 */
function* pieces(blob, wrote, signal) {
    for (let at = 0; at < blob.size; at += PIECE) {
        signal?.throwIfAborted();
        const piece = blob.slice(at, at + PIECE);
        yield piece;
        wrote(piece.size);
    }
    signal?.throwIfAborted();
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 */
async function unused(directory, name) {
    const dot = name.lastIndexOf('.');
    const [stem, suffix] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    for (let number = 1; number <= MAX_NUMBER; number++) {
        const candidate = number > 1 ? `${stem} (${number})${suffix}` : name;
        if (!(await exists(directory, candidate))) return candidate;
    }
    throw new ClipwrightError('resource', `Too many files are called “${name}”.`, { hint: 'Choose another folder.' });
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 */
async function exists(directory, name) {
    try {
        await directory.getFileHandle(name);
        return true;
    } catch (error) {
        if (nameOf(error) === 'NotFoundError') return false;
        if (nameOf(error) === 'TypeMismatchError') return true; // a folder
        throw error;
    }
}

/**
 * Whether a full disk was taken for an unreadable file: Chromium says whichever it notices first.
 * @param {unknown} error
 * @param {Blob} blob
 */
async function isFull(error, blob) {
    if (nameOf(error) !== 'NotReadableError') return false;
    return blob.slice(-1).arrayBuffer().then(() => true, () => false);
}

/** @param {unknown} error */
function translated(error) {
    if (error instanceof ClipwrightError) return error;
    if (nameOf(error) === 'NotAllowedError' || nameOf(error) === 'NoModificationAllowedError') {
        return new ClipwrightError('resource', 'This page may not write into that folder.', { hint: 'Choose the folder again and allow it, or choose another.', detail: String(error) });
    }
    return fromWire(toWire(error));
}

/** @param {unknown} error */
function nameOf(error) {
    return error instanceof DOMException ? error.name : '';
}
