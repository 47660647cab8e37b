/** How long packets of sound last, where all of a track hold equally many samples. */

/** Times of Matroska files are rounded to this, in seconds. */
const ROUNDING_S = 0.0011;
/** How many samples a packet may hold, all of a track alike; Opus counts at 48 kHz. */
const SAMPLES = new Map([
    ['aac', [960, 1024, 2048]],
    ['mp3', [576, 1152]],
    ['ac3', [1536]],
    ['eac3', [256, 512, 768, 1536]],
    ['opus', [120, 240, 480, 960, 1920, 2880]],
]);

/** Exact where the source's times are rounded, so that packets which are put in a row do not drift. */
export class SoundPace {
    /** How many packets last so many nanoseconds. @type {Map<number, number>} */
    #counts = new Map();
    /** @type {number[]} */
    #usual;

    /** @param {string} codec @param {number} rate samples per second */
    constructor(codec, rate) {
        const scale = codec === 'opus' ? 48_000 : rate;
        this.#usual = (SAMPLES.get(codec) ?? []).map((samples) => samples / scale);
    }

    /** @param {number} seconds of one packet, 0 where that is not known */
    add(seconds) {
        const ns = Math.round(seconds * 1e9);
        if (ns > 0 && this.#usual.length > 0) this.#counts.set(ns, (this.#counts.get(ns) ?? 0) + 1);
    }

    /** Seconds that most packets last; null where that cannot be said. */
    get frame() {
        const [most] = [...this.#counts].sort((a, b) => b[1] - a[1]);
        if (!most) return null;
        const off = (/** @type {number} */ seconds) => Math.abs(seconds - most[0] / 1e9);
        const [nearest] = [...this.#usual].sort((a, b) => off(a) - off(b));
        return off(nearest) < ROUNDING_S ? nearest : null;
    }
}
