/**
 * What to keep, as the person gave it: by handle and key in exact microseconds, by typing as text that only Python reads.
 *
 * @typedef {{us: number, text: string | null}} Mark `text` is what was typed, null where the point was set by hand
 * @typedef {{start: Mark, end: Mark | null, length: Mark | null}} Marks a Selection at rest; `end` null: to the end
 */

/** @type {Marks} */
export const WHOLE = { start: { us: 0, text: null }, end: null, length: null };

/** @param {number} startUs @param {number} endUs @returns {Marks} */
export function exactly(startUs, endUs) {
    return { start: { us: startUs, text: null }, end: { us: endUs, text: null }, length: null };
}

/**
 * Where marks end, in a file of `total` µs.
 * @param {Marks} marks
 * @param {number} total
 */
export function endOf({ start, end, length }, total) {
    return length ? start.us + length.us : (end?.us ?? total);
}

/**
 * The part of a request that says what to keep.
 * @param {Marks} marks
 */
export function written({ start, end, length }) {
    return { start: text(start), end: end && text(end), duration: length && text(length) };
}

export class Selection {
    total = 0;
    /** @type {Mark} */
    start = { us: 0, text: null };
    /** @type {Mark | null} null: to the end, wherever that proves to be */
    end = null;
    /** @type {Mark | null} set while the end follows from a typed duration */
    length = null;

    /** @param {number} total the file's length in µs */
    setTotal(total) {
        this.total = total;
    }

    get marks() {
        return { start: this.start, end: this.end, length: this.length };
    }

    /** @param {Marks} marks */
    take({ start, end, length }) {
        this.start = start;
        this.end = end;
        this.length = length;
    }

    get startUs() {
        return this.start.us;
    }

    get endUs() {
        return endOf(this, this.total);
    }

    get lengthUs() {
        return Math.max(0, this.endUs - this.startUs);
    }

    /**
     * Set the in point by hand. One that overtakes the out point sends that to the end.
     * @param {number} us
     */
    putStart(us) {
        if (us >= this.endUs) this.end = null;
        else this.#pinEnd();
        this.length = null;
        this.start = { us, text: null };
    }

    /**
     * Set the out point by hand. One before the in point sends that to the start.
     * @param {number} us
     */
    putEnd(us) {
        if (us <= this.startUs) this.start = { us: 0, text: null };
        this.length = null;
        this.end = us >= this.total ? null : { us, text: null };
    }

    /**
     * A typed duration stays beside a typed in point. What does not fit together is Python's to refuse.
     * @param {Mark} mark
     */
    typeStart(mark) {
        this.start = mark;
    }

    /** @param {Mark | null} mark */
    typeEnd(mark) {
        this.length = null;
        this.end = mark;
    }

    /** @param {Mark | null} mark */
    typeLength(mark) {
        this.end = null;
        this.length = mark;
    }

    /** The part of a ClipRequest that says what to keep. */
    get request() {
        return written(this);
    }

    /** Under a hand-moved in point the end stays where a typed duration had put it. */
    #pinEnd() {
        if (this.length) this.end = { us: this.endUs, text: null };
    }
}

/** @param {Mark} mark */
function text({ us, text: typed }) {
    return typed ?? `${us}us`;
}
