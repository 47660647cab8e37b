/** How long pictures last, for containers that state no picture's length: where all last the same they can state this one, and the last one's. */

/** Clocks of milliseconds round every picture's length up or down. */
const ROUNDING_S = 0.0021;

export class Pace {
    #least = Infinity;
    #most = 0;
    #sum = 0;
    #count = 0;
    /** @type {{at: number, until: number} | null} */
    #last = null;

    /** @param {{timestamp: number, duration: number}} picture in seconds of the result; it lasts 0 where that is not known */
    add({ timestamp, duration: seconds }) {
        if (!this.#last || timestamp >= this.#last.at) this.#last = { at: timestamp, until: timestamp + seconds };
        if (!(seconds > 0)) return;
        this.#least = Math.min(this.#least, seconds);
        this.#most = Math.max(this.#most, seconds);
        this.#sum += seconds;
        this.#count++;
    }

    /** Seconds of the result at which the last picture ends; null where there is none. */
    get ends() {
        return this.#last?.until ?? null;
    }

    /** @param {number} seconds of the result at which the last picture ends, whatever its packet says */
    endAt(seconds) {
        if (this.#last) this.#last.until = seconds;
    }

    /** @param {number} seconds of the result at which the last picture ends at the latest */
    endBy(seconds) {
        if (this.#last) this.#last.until = Math.min(this.#last.until, seconds);
    }

    /** Seconds; null where pictures last differently, or none is known. */
    get frame() {
        return this.#count > 0 && this.#most - this.#least <= ROUNDING_S ? this.#sum / this.#count : null;
    }
}
