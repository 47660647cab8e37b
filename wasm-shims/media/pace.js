/** How long pictures last, where all last the same: containers that state no picture's length can state this one. */

/** Clocks of milliseconds round every picture's length up or down. */
const ROUNDING_S = 0.0021;

export class Pace {
    #least = Infinity;
    #most = 0;
    #sum = 0;
    #count = 0;

    /** @param {number} seconds that a picture lasts; 0 where that is not known */
    add(seconds) {
        if (!(seconds > 0)) return;
        this.#least = Math.min(this.#least, seconds);
        this.#most = Math.max(this.#most, seconds);
        this.#sum += seconds;
        this.#count++;
    }

    /** Seconds; null where pictures last differently, or none is known. */
    get frame() {
        return this.#count > 0 && this.#most - this.#least <= ROUNDING_S ? this.#sum / this.#count : null;
    }
}
