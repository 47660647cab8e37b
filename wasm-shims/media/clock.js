/** Whole ticks of a track's own clock, so that a time is never compared as a fraction. */

const SECOND = 1_000_000;
/** Coarser clocks are written finer, so that a shift by less than a tick can be told. */
const FINE = 10_000;
/** The finest clock that mediabunny writes. */
const FINEST = 1_000_000;

export class Clock {
    /** @param {number} scale ticks per second */
    constructor(scale) {
        this.scale = scale;
    }

    /** The tick of a time in seconds that mediabunny gave. @param {number} seconds */
    tick(seconds) {
        return Math.round(seconds * this.scale);
    }

    /** @param {number} tick */
    seconds(tick) {
        return tick / this.scale;
    }

    /** A tick's time in microseconds, rounded half up. @param {number} tick */
    us(tick) {
        const whole = Math.floor(tick / this.scale);
        const rest = tick - whole * this.scale;
        return whole * SECOND + Math.floor((2 * SECOND * rest + this.scale) / (2 * this.scale));
    }

    /** The first tick whose time in microseconds is not before `us`. @param {number} us */
    at(us) {
        const whole = Math.floor(us / SECOND);
        let tick = whole * this.scale + Math.floor(((us - whole * SECOND) * this.scale) / SECOND) - 1;
        while (this.us(tick) < us) tick++;
        return tick;
    }

    /** The clock to write this track's times with: the same, or a multiple of it where it is coarse. */
    get fine() {
        const whole = Math.round(this.scale);
        if (whole > FINEST) return new Clock(FINEST);
        return new Clock(whole * Math.ceil(Math.max(1, FINE / whole)));
    }
}
