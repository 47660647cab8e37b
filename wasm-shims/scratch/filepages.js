/**
 * Pages of a result in a file on disk. Only a worker can do this, and only after the file was opened; from then on
 * nothing has to wait.
 */

import { full } from './full.js';
import { createFile, removeFile } from './place.js';

/** @import {Place} from './place.js' */

/** A file that cannot grow to this size at once is not begun. */
const LEAST_ROOM = 32 << 20;

export class FilePages {
    /**
     * @param {Place} place
     * @param {number} pageSize
     * @returns {Promise<FilePages | null>} null where this browser, or this page, has no such storage or no room in it
     */
    static async open(place, pageSize) {
        try {
            const file = await createFile(place);
            const handle = await file.createSyncAccessHandle();
            const pages = new FilePages(place, file, handle, pageSize);
            try {
                handle.truncate(LEAST_ROOM);
                handle.truncate(0);
                return pages;
            } catch {
                await pages.discard();
            }
        } catch {
            // Private windows, embedded pages, old browsers: each refuses at a step and with a name of its own.
        }
        return null;
    }

    /** @param {Place} place @param {FileSystemFileHandle} file @param {FileSystemSyncAccessHandle} handle @param {number} pageSize */
    constructor(place, file, handle, pageSize) {
        this.place = place;
        this.file = file;
        this.handle = handle;
        this.pageSize = pageSize;
        /** @type {Set<number>} */
        this.written = new Set();
    }

    /** @param {number} index */
    has(index) {
        return this.written.has(index);
    }

    /** @param {number} index @param {Uint8Array<ArrayBuffer>} bytes a page; the last may be shorter; throws `resource` where the disk is full */
    write(index, bytes) {
        let count = 0;
        try {
            count = this.handle.write(bytes, { at: index * this.pageSize });
        } catch (cause) {
            throw full(cause);
        }
        if (count < bytes.length) throw full(`${count} of ${bytes.length} bytes were written`);
        this.written.add(index);
    }

    /** @param {number} index @param {Uint8Array<ArrayBuffer>} target a page, which is filled */
    read(index, target) {
        const count = this.handle.read(target, { at: index * this.pageSize });
        target.fill(0, count);
    }

    /** @param {number} count pages that stay */
    truncate(count) {
        for (const index of [...this.written]) if (index >= count) this.written.delete(index);
        // What is added behind later reads as zeros.
        if (this.handle.getSize() > count * this.pageSize) this.handle.truncate(count * this.pageSize);
    }

    /**
     * @param {number} size of the whole file
     * @returns {Promise<Blob>} readable for as long as the file lies there
     */
    async finish(size) {
        try {
            this.handle.truncate(size);
        } catch (cause) {
            throw full(cause);
        }
        this.handle.close();
        return this.file.getFile();
    }

    async discard() {
        this.handle.close();
        // Where somebody else was faster, nothing is left to do.
        await removeFile(this.place).catch(() => {});
    }
}
