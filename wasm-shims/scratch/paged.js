/**
 * A result that is being written, here and there: muxers come back to fill in sizes, or move the index to the front. Only
 * a few pages of it are in memory; the others are in a file on disk, or in Blobs where there is none. There is no limit of
 * 2 GiB, and pages never written take no space.
 */

import { BlobPages } from './blobpages.js';
import { FilePages } from './filepages.js';

/**
 * @import {Place} from './place.js'
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, changed: boolean}} Page
 */

/** What is no larger never leaves memory. */
export const PAGE = 8 * 1024 * 1024;
/** One for the end of the file, one each for the places where moving the index reads and writes, one for the head. */
const PAGES_IN_MEMORY = 4;

export class PagedFile {
    /**
     * @param {Place | null} [place] where it may lie on disk
     * @param {() => void} [onSeal] called whenever a page went to the browser
     */
    constructor(place = null, onSeal = () => {}) {
        this.size = 0;
        this.place = place;
        this.onSeal = onSeal;
        /** @type {FilePages | BlobPages | null} where pages go that are not in memory */
        this.pages = null;
        /** @type {Promise<void> | null} */
        this.preparing = null;
        this.discarded = false;
        /** @type {Map<number, Page>} least recently used first */
        this.open = new Map();
    }

    /**
     * Opens the file on disk; without this, and where there is none, Blobs take its place. To be awaited before more than a
     * page is written.
     * @returns {Promise<void>}
     */
    async prepare() {
        if (this.discarded) return;
        this.preparing ??= this.openPages();
        await this.preparing;
    }

    async openPages() {
        const pages = this.place && (await FilePages.open(this.place, PAGE));
        this.pages = pages ?? new BlobPages(PAGE);
    }

    /**
     * @param {Uint8Array} source
     * @param {number} position may lie beyond the end; the gap reads as zeros
     * @returns {number} how many bytes were written: all
     */
    write(source, position) {
        // Who writes may not have heard yet that nobody wants it any more.
        if (this.discarded) return source.length;
        this.eachPage(position, source.length, (page, from, count, done) => {
            page.bytes.set(source.subarray(done, done + count), from);
            page.changed = true;
        });
        this.size = Math.max(this.size, position + source.length);
        return source.length;
    }

    /**
     * @param {Uint8Array} target
     * @param {number} position
     * @returns {number} how many bytes were copied; none mean the end
     */
    read(target, position) {
        const length = Math.max(0, Math.min(target.length, this.size - position));
        this.eachPage(position, length, (page, from, count, done) => {
            target.set(page.bytes.subarray(from, from + count), done);
        });
        return length;
    }

    /** @param {number} size in bytes; what lies beyond is forgotten, what is added reads as zeros */
    truncate(size) {
        if (size < this.size) {
            const first = Math.ceil(size / PAGE);
            for (const index of [...this.open.keys()]) if (index >= first) this.open.delete(index);
            this.pages?.truncate(first);
            if (size % PAGE) this.clearFrom(this.page(first - 1), size % PAGE);
        }
        this.size = size;
    }

    /** Nothing of it is kept in memory for now. */
    rest() {
        const pages = (this.pages ??= new BlobPages(PAGE));
        for (const [index, { bytes, changed }] of this.open) {
            if (changed) pages.write(index, bytes.slice(0, Math.min(PAGE, this.size - index * PAGE)));
        }
        this.open.clear();
    }

    /**
     * The whole file; nothing can be written afterwards. Throws `resource` where it could not be stored.
     * @returns {Promise<Blob>}
     */
    async finish() {
        if (this.size <= PAGE) {
            const blob = new Blob([this.page(0).bytes.subarray(0, this.size)]);
            await this.discard();
            return blob;
        }
        const pages = (this.pages ??= new BlobPages(PAGE));
        for (const [index, { bytes, changed }] of this.open) {
            if (changed) pages.write(index, bytes.subarray(0, Math.min(PAGE, this.size - index * PAGE)));
        }
        this.open.clear();
        return pages.finish(this.size);
    }

    /** Nobody wants it any more: what was written is removed. */
    async discard() {
        if (this.discarded) return;
        this.discarded = true;
        this.open.clear();
        await this.preparing;
        await this.pages?.discard();
    }

    /**
     * @param {number} position @param {number} length
     * @param {(page: Page, from: number, count: number, done: number) => void} visit
     */
    eachPage(position, length, visit) {
        for (let done = 0; done < length;) {
            const from = (position + done) % PAGE;
            const count = Math.min(PAGE - from, length - done);
            visit(this.page(Math.floor((position + done) / PAGE)), from, count, done);
            done += count;
        }
    }

    /** @param {number} index @returns {Page} */
    page(index) {
        let page = this.open.get(index);
        if (page) this.open.delete(index);
        else page = this.openPage(index);
        this.open.set(index, page);
        return page;
    }

    /** @param {number} index @returns {Page} */
    openPage(index) {
        const spare = this.open.size >= PAGES_IN_MEMORY ? this.closeOldest() : null;
        const bytes = spare ?? new Uint8Array(PAGE);
        if (this.pages?.has(index)) {
            this.pages.read(index, bytes);
            return { bytes, changed: false };
        }
        return { bytes: spare?.fill(0) ?? bytes, changed: true };
    }

    /** @returns {Uint8Array<ArrayBuffer>} the memory of the page that was not used for longest */
    closeOldest() {
        const [index, page] = /** @type {[number, Page]} */ (this.open.entries().next().value);
        if (page.changed) (this.pages ??= new BlobPages(PAGE)).write(index, page.bytes);
        this.open.delete(index);
        this.onSeal();
        return page.bytes;
    }

    /** @param {Page} page @param {number} from */
    clearFrom(page, from) {
        page.bytes.fill(0, from);
        page.changed = true;
    }
}
