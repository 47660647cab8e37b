/** Opaque ids for everything Python may name without holding it: sources the person opened, results engines made. */

import { ClipwrightError } from './rpc.js';

/** @typedef {ReturnType<typeof createFiles>} Files */

export function createFiles() {
    /** @type {Map<string, Blob>} */
    const blobs = new Map();
    let next = 1;

    return {
        /**
         * Keep a file the person opened.
         * @param {Blob} blob
         * @returns {{id: string, name: string, size: number}} the Source that Python sees
         */
        add(blob) {
            const id = `f${next++}`;
            blobs.set(id, blob);
            return { id, name: blob instanceof File ? blob.name : 'clip', size: blob.size };
        },
        /** @param {string} id @param {Blob} blob */
        put(id, blob) {
            blobs.set(id, blob);
        },
        /** @param {string} id */
        get(id) {
            const blob = blobs.get(id);
            if (!blob) throw new ClipwrightError('bad_request', 'This file is not open any more.', { hint: 'Open the file again.', detail: id });
            return blob;
        },
        /**
         * Hand a result over and forget it.
         * @param {string} id
         */
        take(id) {
            const blob = this.get(id);
            blobs.delete(id);
            return blob;
        },
        /** @param {string} id */
        remove(id) {
            blobs.delete(id);
        },
    };
}
