/** Writing files into a folder that the person picked (File System Access): none overwritten, none left half written. */

import { ClipwrightError, cancelled, fromWire, throttled, toWire } from '../wasm-shims/rpc.js';

/**
 * @import {Options} from './client.js'
 * @import {Entry} from './zip.js'
 */

const MAX_NUMBER = 9999;

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
    const names = [];
    for (const { name, blob } of entries) {
        try {
            names.push(await save(directory, name, blob.stream().pipeThrough(counted(wrote)), signal));
        } catch (error) {
            throw signal?.aborted ? cancelled() : translated(error);
        }
    }
    return names;
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} wanted
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} bytes
 * @param {AbortSignal} [signal]
 */
async function save(directory, wanted, bytes, signal) {
    signal?.throwIfAborted();
    const name = await unused(directory, wanted);
    const handle = await directory.getFileHandle(name, { create: true });
    try {
        await bytes.pipeTo(await handle.createWritable(), { signal });
    } catch (error) {
        // What made writing fail may forbid this too; the error that is shown says what happened.
        await directory.removeEntry(name).catch(() => {});
        throw error;
    }
    return name;
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

/** @param {(size: number) => void} wrote */
function counted(wrote) {
    return new TransformStream({
        transform(chunk, controller) {
            controller.enqueue(chunk);
            wrote(chunk.length);
        },
    });
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
