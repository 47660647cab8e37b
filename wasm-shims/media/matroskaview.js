/** Looking at a Matroska file here and there: where its parts lie, without their contents. */

import { Cursor, read } from './bytes.js';
import { child, elements, header, unsigned } from './ebml.js';
import { EBML, LEVEL1, SEEK, SEGMENT } from './matroskaids.js';

/**
 * @typedef {{id: number, at: number, start: number, end: number | null}} Place an element and the bounds of its contents;
 *   the end is null where the size was not known when it was written
 * @typedef {{docType: string, start: number, end: number, cluster: number, parts: Map<number, Place[]>}} Segment where its
 *   contents and its first cluster lie
 */

/** What is read at once: big enough to be fast, small enough to pass over big packets. */
const WINDOW = 1 << 20;
/** What is read of each place that is known beforehand, and how many of them at a time. */
const GLANCE = 128;
const AT_ONCE = 512;
/** What is read of places that are not: often, a cluster's first picture begins within. */
const PEEK = 4096;
/** Places no further apart than this are read in windows. */
const NEAR = 1 << 16;
/** An element's id and size take no more. */
const MAX_HEADER = 12;
/** Reading more than this is no longer cheaper than copying packet by packet. */
const MAX_READ = 512 << 20;
const MAX_PARTS = 1000;

/** The file is of a kind, or the clip of a shape, that cannot be made without moving the data. */
export class Unfit extends Error {}

export class View {
    /** @param {Blob} file */
    constructor(file) {
        this.file = file;
        this.bytes = new Uint8Array();
        this.start = 0;
        this.left = MAX_READ;
        /** @type {Map<number, Uint8Array>} */
        this.glances = new Map();
    }

    /**
     * Read what lies at some places, which is much faster together than one after the other.
     * @param {number[]} places
     */
    async glance(places) {
        for (let i = 0; i < places.length; i += AT_ONCE) {
            const some = places.slice(i, i + AT_ONCE);
            const slices = some.map((at) => this.file.slice(at, at + GLANCE));
            // A Blob of slices is read in one go, however far apart they lie.
            const cursor = new Cursor(new Uint8Array(await new Blob(slices).arrayBuffer()));
            slices.forEach(({ size }, n) => this.glances.set(some[n], cursor.take(size)));
        }
    }

    /**
     * @param {number} at
     * @param {number} least bytes that will be looked at, fewer only at the end of the file
     * @param {number} [most] bytes to read where they are not known yet, and do not follow what was read before
     * @returns {Promise<{cursor: Cursor, base: number}>} `base` is where in the file the cursor's bytes begin
     */
    async from(at, least, most = WINDOW) {
        const glance = this.glances.get(at);
        if (glance && glance.length >= least) return { cursor: new Cursor(glance), base: at };
        if (at < this.start || at + least > this.start + this.bytes.length) {
            const gap = at - this.start - this.bytes.length;
            const isNext = this.bytes.length > 0 && gap < NEAR && gap > -NEAR;
            this.bytes = await read(this.file, at, at + Math.max(least, isNext ? WINDOW : most));
            this.start = at;
            this.left -= this.bytes.length;
            if (this.left < 0) throw new Unfit('too much to read');
        }
        return { cursor: new Cursor(this.bytes).skip(at - this.start), base: this.start };
    }

    /**
     * @param {number} at
     * @returns {Promise<Place | null>} null past the end, and where no element lies
     */
    async place(at) {
        try {
            const { cursor, base } = await this.from(at, MAX_HEADER, PEEK);
            const { id, size } = header(cursor);
            const start = base + cursor.at;
            return { id, at, start, end: size === null ? null : start + size };
        } catch (error) {
            if (error instanceof RangeError) return null;
            throw error;
        }
    }

    /** An element's contents. @param {Place} place */
    contents({ start, end }) {
        return read(this.file, start, end ?? start);
    }
}

/**
 * @param {View} view
 * @returns {Promise<Segment>}
 */
export async function segmentOf(view) {
    const [head, first] = await topLevel(view);
    const docType = child(await view.contents(head), EBML.docType);
    const segment = {
        docType: new TextDecoder().decode(docType ?? new Uint8Array()),
        start: first.start,
        end: Math.min(first.end ?? Infinity, view.file.size),
        cluster: 0,
        parts: new Map(),
    };
    for (let at = first.start, i = 0; i < MAX_PARTS && !segment.cluster; i++) {
        const place = at < segment.end ? await view.place(at) : null;
        if (!place) throw new Unfit('no clusters');
        if (place.id === LEVEL1.cluster) segment.cluster = at;
        else at = await noted(view, segment, place);
    }
    return segment;
}

/** @param {View} view @returns {Promise<Place[]>} the file's header and its first segment */
async function topLevel(view) {
    const head = await view.place(0);
    for (let at = head?.end; head?.id === EBML.header && at; ) {
        const place = await view.place(at);
        if (place?.id === SEGMENT) return [head, place];
        at = place?.end;
    }
    throw new Unfit('no segment');
}

/**
 * Remember a part, and those that a seek head points to.
 * @param {View} view
 * @param {Segment} segment
 * @param {Place} place
 * @returns {Promise<number>} where the next part lies
 */
async function noted(view, segment, place) {
    if (place.end === null) throw new Unfit('a part without an end');
    const known = segment.parts.get(place.id) ?? [];
    if (place.end > segment.end || known.some(({ at }) => at === place.at)) return place.end;
    segment.parts.set(place.id, [...known, place]);
    if (place.id !== LEVEL1.seekHead) return place.end;
    for (const { id, body } of elements(await view.contents(place))) {
        if (id !== SEEK.entry) continue;
        const there = await view.place(segment.start + (unsigned(child(body, SEEK.position)) ?? 0));
        const isRight = there && there.id === unsigned(child(body, SEEK.id)) && there.id !== LEVEL1.cluster;
        if (isRight && there.end !== null) await noted(view, segment, there);
    }
    return place.end;
}
