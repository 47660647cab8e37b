/** Which part of the file the timeline shows. Pure arithmetic on microseconds. */

const SHORTEST_US = 1_000_000;

export class Viewport {
    total = 1;
    start = 0;
    end = 1;

    /** @param {number} total the file's length; shows all of it */
    reset(total) {
        this.total = Math.max(1, total);
        this.start = 0;
        this.end = this.total;
    }

    get length() {
        return this.end - this.start;
    }

    get isWhole() {
        return this.length >= this.total;
    }

    /** @param {number} us @returns {number} 0 at the left edge, 1 at the right one */
    fraction(us) {
        return (us - this.start) / this.length;
    }

    /** @param {number} fraction @returns {number} µs, within the file */
    at(fraction) {
        return Math.min(this.total, Math.max(0, Math.round(this.start + fraction * this.length)));
    }

    /** @param {number} us */
    shows(us) {
        return us >= this.start && us <= this.end;
    }

    /**
     * Show `factor` times as much, keeping `around` where it stands.
     * @param {number} factor
     * @param {number} around µs
     */
    zoom(factor, around) {
        const length = Math.min(this.total, Math.max(Math.min(SHORTEST_US, this.total), this.length * factor));
        const anchor = this.shows(around) ? this.fraction(around) : 0.5;
        this.#place((this.shows(around) ? around : this.start + this.length / 2) - anchor * length, length);
    }

    /** @param {number} us how far to move the view */
    pan(us) {
        this.#place(this.start + us, this.length);
    }

    /** Bring `us` into view, in the middle if it was outside. @param {number} us */
    reveal(us) {
        if (!this.shows(us)) this.#place(us - this.length / 2, this.length);
    }

    /** @param {number} start @param {number} length */
    #place(start, length) {
        this.start = Math.min(this.total - length, Math.max(0, start));
        this.end = this.start + length;
    }
}
