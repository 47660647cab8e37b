/** Reading the lines that FFmpeg writes with `-progress`, and turning them into progress. */

/** @typedef {import('../rpc.js').Progress} Progress */

/** The file is complete only after the muxer has written its index, so the last step is left for the reply. */
const ALMOST = 0.99;
/** An estimate from less than this, in milliseconds and of the whole, jumps about too much to be shown. */
const SETTLING_MS = 500;
const SETTLING_PART = 0.02;

export class ProgressReader {
    /**
     * @param {number} durationUs length of the expected output in microseconds; not above 0 where it is unknown
     * @param {string} stage
     * @param {(progress: Progress) => void} report
     * @param {() => number} [now] milliseconds
     */
    constructor(durationUs, stage, report, now = () => performance.now()) {
        this.durationUs = durationUs;
        this.stage = stage;
        this.report = report;
        this.now = now;
        this.started = now();
        /** In microseconds. Under `-copyts` FFmpeg counts from its first report, so it says a little too little. */
        this.writtenUs = 0;
    }

    /** @param {string} line `key=value`; a block of them ends with `progress=` */
    read(line) {
        const equals = line.indexOf('=');
        const key = line.slice(0, equals).trim();
        const value = line.slice(equals + 1).trim();
        // FFmpeg writes "N/A" until there is output, and with a copied lead-in the first times are negative.
        if (key === 'out_time_us') this.writtenUs = Math.max(this.writtenUs, Number(value) || 0);
        if (key !== 'progress') return;
        const done = this.durationUs > 0 ? Math.min(this.writtenUs / this.durationUs, ALMOST) : 0;
        const eta = remaining(done, this.now() - this.started);
        this.report({ done: value === 'end' ? ALMOST : done, stage: this.stage, eta_s: eta });
    }
}

/** @param {number} done @param {number} elapsedMs @returns {number | null} seconds */
function remaining(done, elapsedMs) {
    if (done < SETTLING_PART || elapsedMs < SETTLING_MS) return null;
    return ((elapsedMs / done) * (1 - done)) / 1000;
}
