/** A file opened for one operation, and kept for the next one: mediabunny's tracks at FFmpeg's indices. */

import { ADTS, BlobSource, FLAC, Input, Logging, LogLevel, MATROSKA, MP3, MP4, MPEG_TS, OGG, QTFF, WAVE, WEBM } from 'mediabunny';
import { corrupt, incapable } from './failures.js';
import { readLayout } from './layout.js';

/**
 * @import {InputFormat, InputTrack} from 'mediabunny'
 * @import {Chapter, Index, Slot} from './layout.js'
 * @typedef {{index: number, slot: Slot | null, track: InputTrack | null}} Entry
 * @typedef {{input: Input, format: InputFormat, entries: Entry[], chapters: Chapter[], tags: Record<string, string>, index: Index | null}} Opened
 */

/** Everything but playlists, which name other files. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];

/** Those that are nothing without the part that lists their tracks. */
const INDEXED = new Set([MP4, QTFF, MATROSKA, WEBM]);

/** How many files are kept open: a cut asks for its own several times over, and reading an index takes longer than using it. */
const KEPT = 4;

/** @type {Map<string, Opened>} by the app worker's id, the one used last at the end */
const kept = new Map();

/** What goes wrong is thrown; the console belongs to the page. */
Logging.level = LogLevel.Silent;

/**
 * Open `file`, do `work` with it and close it again, whatever happens. An abort closes it at once, which ends every
 * read and decode that is under way.
 * @template T
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @param {(opened: Opened) => Promise<T>} work
 * @param {string} [id] what the app worker calls a source that will be asked for again: unless work fails, it is kept open
 * @returns {Promise<T>}
 */
export async function withOpened(file, signal, work, id) {
    if (file.size === 0) throw corrupt('The file is empty.');
    const known = id ? kept.get(id) : undefined;
    // Nobody else works with it meanwhile.
    if (id) kept.delete(id);
    const input = known?.input ?? new Input({ source: new BlobSource(file), formats: FORMATS });
    const dispose = () => input.dispose();
    signal.addEventListener('abort', dispose, { once: true });
    try {
        signal.throwIfAborted();
        // What was read before may be of a file that vanished or changed since; browsers notice when it is read from.
        if (known) await file.slice(0, 1).arrayBuffer();
        const opened = known ?? (await open(input, file));
        const value = await work(opened);
        if (id && !signal.aborted) keep(id, opened);
        return value;
    } finally {
        signal.removeEventListener('abort', dispose);
        if (!id || kept.get(id)?.input !== input) input.dispose();
    }
}

/** @param {string} id @param {Opened} opened */
function keep(id, opened) {
    kept.get(id)?.input.dispose();
    kept.set(id, opened);
    for (const [oldest, { input }] of kept) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
        input.dispose();
    }
}

/**
 * @param {Input} input
 * @param {Blob} file
 * @returns {Promise<Opened>}
 */
async function open(input, file) {
    const format = await input.getFormat();
    const [tracks, layout] = await Promise.all([input.getTracks(), readLayout(file, format)]);
    if (!layout) {
        if (INDEXED.has(format)) throw corrupt('The file has no index.');
        return { input, format, entries: tracks.map((track, index) => ({ index, slot: null, track })), chapters: [], tags: {}, index: null };
    }
    const entries = layout.slots.map((slot, index) => ({ index, slot, track: tracks.find(({ id }) => id === slot.id) ?? null }));
    if (layout.slots.some(({ edits = 0 }) => edits > 1)) {
        throw incapable('The browser cannot follow this file’s edit list.', 'more than one edit in a track');
    }
    return { input, format, entries, chapters: layout.chapters, tags: layout.tags ?? {}, index: layout.index ?? null };
}
