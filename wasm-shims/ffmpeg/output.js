/**
 * A file that FFmpeg writes, kept as pages. Only a few pages are in memory; the others are sealed into Blobs, which the
 * browser moves to disk when they are many. A sealed page that is read or written again (a muxer filling in sizes, or
 * moving the index to the front) is loaded back. There is no limit of 2 GiB, and pages never written take no space.
 */

import { ClipwrightError } from '../rpc.js';

/** @typedef {{bytes: Uint8Array<ArrayBuffer>, changed: boolean}} Page */

const PAGE = 8 * 1024 * 1024;
/** One for the end of the file, one each for the places where moving the index reads and writes, one for the head. */
const PAGES_IN_MEMORY = 4;

export class OutputFile {
    /** @param {() => void} [onSeal] called whenever a page went to the browser */
    constructor(onSeal = () => {}) {
        this.size = 0;
        this.onSeal = onSeal;
        this.reader = new FileReaderSync();
        /** @type {Map<number, Blob>} */
        this.sealed = new Map();
        /** @type {Map<number, Page>} least recently used first */
        this.open = new Map();
    }

    /**
     * @param {Uint8Array} source
     * @param {number} position may lie beyond the end; the gap reads as zeros
     * @returns {number} how many bytes were written: all
     */
    write(source, position) {
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
            for (const index of [...this.sealed.keys()]) if (index >= first) this.sealed.delete(index);
            if (size % PAGE) this.clearFrom(this.page(first - 1), size % PAGE);
        }
        this.size = size;
    }

    /**
     * The whole file. Every sealed page is touched first: a browser that ran out of space says so only
     * when a Blob is read, and half a file must never be handed out.
     * @returns {Blob}
     */
    toBlob() {
        for (const blob of this.sealed.values()) this.bytesOf(blob.slice(-1));
        for (const [index, page] of this.open) this.seal(index, page);
        this.open.clear();
        const count = Math.ceil(this.size / PAGE);
        const empty = new Blob([new Uint8Array(PAGE)]);
        const parts = Array.from({ length: count }, (_, index) => this.sealed.get(index) ?? empty);
        return new Blob(parts).slice(0, this.size);
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
        const blob = this.sealed.get(index);
        if (blob) return { bytes: this.bytesOf(blob), changed: false };
        const bytes = spare?.fill(0) ?? new Uint8Array(PAGE);
        return { bytes, changed: true };
    }

    /** @returns {Uint8Array<ArrayBuffer>} the memory of the page that was not used for longest */
    closeOldest() {
        const [index, page] = /** @type {[number, Page]} */ (this.open.entries().next().value);
        this.open.delete(index);
        this.seal(index, page);
        return page.bytes;
    }

    /** @param {number} index @param {Page} page */
    seal(index, page) {
        if (page.changed) this.sealed.set(index, new Blob([page.bytes]));
        this.onSeal();
    }

    /** @param {Page} page @param {number} from */
    clearFrom(page, from) {
        page.bytes.fill(0, from);
        page.changed = true;
    }

    /** @param {Blob} blob @returns {Uint8Array<ArrayBuffer>} */
    bytesOf(blob) {
        try {
            return new Uint8Array(this.reader.readAsArrayBuffer(blob));
        } catch (cause) {
            throw new ClipwrightError('resource', 'There is not enough space left for the result.', {
                hint: 'Free some disk space or make a shorter clip.',
                detail: String(cause),
                cause,
            });
        }
    }
}
