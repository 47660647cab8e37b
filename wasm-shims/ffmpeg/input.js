/**
 * A File read in place, through a few windows of it that are held in memory.
 *
 * FFmpeg asks for 32 KiB at a time, and every FileReaderSync call costs most of a millisecond, so a read loads more than
 * was asked for: little after a jump, ever more while reading goes on where it stopped. Several windows are
 * kept because demuxers go back and forth between index, picture data and sound data.
 */

import { ClipwrightError } from '../rpc.js';

/** @typedef {{start: number, bytes: Uint8Array}} Window */

const KIB = 1024;
const MIB = 1024 * KIB;
const FIRST_WINDOW = 256 * KIB;
const LARGEST_WINDOW = 4 * MIB;
const KEPT_WINDOWS = 4;
/** A jump forward by less than this counts as reading on: a demuxer skips tracks nobody wants. */
const SHORT_JUMP = 512 * KIB;
/** After a longer jump the window begins a little earlier, as a seek is often followed by small steps back. */
const ALIGNMENT = 64 * KIB;

export class InputFile {
    /**
     * @param {Blob} file
     * @param {() => void} [onLoad] called whenever bytes were loaded
     */
    constructor(file, onLoad = () => {}) {
        this.size = file.size;
        this.file = file;
        this.onLoad = onLoad;
        /** @type {FileReaderSync} */
        this.reader = new FileReaderSync();
        /** @type {Window[]} most recently used first */
        this.windows = [];
        // A file that vanished looks empty until it is read.
        if (this.size === 0) this.bytesOf(0, 0);
    }

    /**
     * Copy what is at `position` into `target`; fewer bytes than it holds are usual, none mean the end.
     * @param {Uint8Array} target
     * @param {number} position
     * @returns {number} how many bytes were copied
     */
    read(target, position) {
        if (position >= this.size || target.length === 0) return 0;
        const { start, bytes } = this.windowAt(position, target.length);
        const from = position - start;
        const count = Math.min(target.length, bytes.length - from);
        target.set(bytes.subarray(from, from + count));
        return count;
    }

    /** @param {number} position @param {number} wanted @returns {Window} */
    windowAt(position, wanted) {
        const index = this.windows.findIndex(({ start, bytes }) => position >= start && position < start + bytes.length);
        if (index === 0) return this.windows[0];
        const window = index > 0 ? this.windows.splice(index, 1)[0] : this.load(position, wanted);
        this.windows.unshift(window);
        return window;
    }

    /** @param {number} position @param {number} wanted @returns {Window} */
    load(position, wanted) {
        const before = this.windows.findIndex((window) => {
            const gap = position - (window.start + window.bytes.length);
            return gap >= 0 && gap < SHORT_JUMP;
        });
        let start = position;
        let size = FIRST_WINDOW;
        if (before >= 0) {
            size = Math.min(this.windows[before].bytes.length * 2, LARGEST_WINDOW);
            this.windows.splice(before, 1);
        } else {
            start -= start % ALIGNMENT;
            this.windows.length = Math.min(this.windows.length, KEPT_WINDOWS - 1);
        }
        const end = Math.min(Math.max(start + size, Math.min(position + wanted, start + LARGEST_WINDOW)), this.size);
        return { start, bytes: this.bytesOf(start, end) };
    }

    /** @param {number} start @param {number} end @returns {Uint8Array<ArrayBuffer>} */
    bytesOf(start, end) {
        try {
            const part = start === 0 && end === this.size ? this.file : this.file.slice(start, end);
            const bytes = new Uint8Array(this.reader.readAsArrayBuffer(part));
            if (bytes.length !== end - start) throw new Error(`${bytes.length} bytes instead of ${end - start} at ${start}`);
            this.onLoad();
            return bytes;
        } catch (cause) {
            // Thrown straight through the WebAssembly frames, so that the cause arrives instead of FFmpeg's "I/O error".
            throw new ClipwrightError('media', 'The file can no longer be read: it was moved, deleted or changed.', {
                hint: 'Open the file again.',
                detail: String(cause),
                cause,
            });
        }
    }
}
