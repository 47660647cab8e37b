/** Opaque ids for everything Python may name without holding it: sources the person opened, results engines made. */

import { ClipwrightError } from './rpc.js';

/**
 * @typedef {ReturnType<typeof createFiles>} Files
 * @typedef {() => void} Free removes what a Blob lies on, which nobody can read afterwards
 */

export function createFiles() {
    /** @type {Map<string, Blob>} */
    const blobs = new Map();
    /** @type {Map<string, Free[]>} */
    const ground = new Map();
    let next = 1;

    /** @param {string} id */
    function free(id) {
        ground.get(id)?.forEach((one) => one());
        ground.delete(id);
    }

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
        /**
         * Keep a result; an earlier one of that id is removed.
         * @param {string} id
         * @param {Blob} blob
         * @param {Free} [freed] called when it is not needed any more
         */
        put(id, blob, freed) {
            free(id);
            blobs.set(id, blob);
            if (freed) ground.set(id, [freed]);
        },
        /**
         * One file refers to the bytes of another, which therefore stay as long as it does.
         * @param {string} id
         * @param {string} other
         */
        build(id, other) {
            ground.set(id, [...(ground.get(id) ?? []), ...(ground.get(other) ?? [])]);
            ground.delete(other);
        },
        /** @param {string} id */
        get(id) {
            const blob = blobs.get(id);
            if (!blob) throw new ClipwrightError('bad_request', 'This file is not open any more.', { hint: 'Open the file again.', detail: id });
            return blob;
        },
        /**
         * Hand a result over and forget it, but for what it lies on.
         * @param {string} id
         * @returns {{file: Blob, output: string}} `output`: an id of its own, which `remove` takes when nobody needs the result any more
         */
        take(id) {
            const file = this.get(id);
            const output = `r${next++}`;
            this.build(output, id);
            blobs.delete(id);
            return { file, output };
        },
        /** @param {string} id */
        remove(id) {
            free(id);
            blobs.delete(id);
        },
    };
}
