/** Pages of a result as sealed Blobs, which a browser may move to disk: where there is no file to keep them in. */

import { full } from './full.js';

export class BlobPages {
    /** @param {number} pageSize */
    constructor(pageSize) {
        this.pageSize = pageSize;
        this.reader = new FileReaderSync();
        /** @type {Map<number, Blob>} */
        this.sealed = new Map();
    }

    /** @param {number} index */
    has(index) {
        return this.sealed.has(index);
    }

    /** @param {number} index @param {Uint8Array<ArrayBuffer>} bytes a page; the last may be shorter */
    write(index, bytes) {
        this.sealed.set(index, new Blob([bytes]));
    }

    /** @param {number} index @param {Uint8Array<ArrayBuffer>} target a page, which is filled */
    read(index, target) {
        const bytes = this.bytesOf(this.sealed.get(index) ?? new Blob());
        target.set(bytes);
        target.fill(0, bytes.length);
    }

    /** @param {number} count pages that stay */
    truncate(count) {
        for (const index of [...this.sealed.keys()]) if (index >= count) this.sealed.delete(index);
    }

    /**
     * The whole file. Every page is touched first: a browser that ran out of space says so only when a Blob is read, and
     * half a file must never be handed out.
     * @param {number} size
     * @returns {Promise<Blob>}
     */
    async finish(size) {
        for (const blob of this.sealed.values()) this.bytesOf(blob.slice(-1));
        const count = Math.ceil(size / this.pageSize);
        const empty = new Blob([new Uint8Array(this.pageSize)]);
        const parts = Array.from({ length: count }, (_, index) => this.sealed.get(index) ?? empty);
        return new Blob(parts).slice(0, size);
    }

    async discard() {
        this.sealed.clear();
    }

    /** @param {Blob} blob @returns {Uint8Array<ArrayBuffer>} */
    bytesOf(blob) {
        try {
            return new Uint8Array(this.reader.readAsArrayBuffer(blob));
        } catch (cause) {
            throw full(cause);
        }
    }
}
