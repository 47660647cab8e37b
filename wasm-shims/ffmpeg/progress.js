/** Reading the lines that FFmpeg writes with `-progress`, and turning them into progress. */

/** @typedef {import('../rpc.js').Progress} Progress */

/** The file is complete only after the muxer has written its index, so the last step is left for the reply. */
const ALMOST = 0.99;
/** An estimate from less than this, in milliseconds and of the whole, jumps about too much to be shown. */
const SETTLING_MS = 500;
const SETTLING_PART = 0.02;

/**
 * @param {number} durationUs length of the expected output in microseconds; not above 0 where it is unknown
 * @param {string} stage
 * @param {(progress: Progress) => void} report
 * @param {() => number} [now] milliseconds
 * @returns {(line: string) => void} takes one `key=value` line
 */
export function progressReader(durationUs, stage, report, now = () => performance.now()) {
    const started = now();
    let writtenUs = 0;
    return (line) => {
        const equals = line.indexOf('=');
        const key = line.slice(0, equals).trim();
        const value = line.slice(equals + 1).trim();
        // FFmpeg writes "N/A" until there is output, and with a copied lead-in the first times are negative.
        if (key === 'out_time_us') writtenUs = Math.max(writtenUs, Number(value) || 0);
        if (key !== 'progress') return;
        const done = durationUs > 0 ? Math.min(writtenUs / durationUs, ALMOST) : 0;
        report({ done: value === 'end' ? ALMOST : done, stage, eta_s: remaining(done, now() - started) });
    };
}

/** @param {number} done @param {number} elapsedMs @returns {number | null} seconds */
function remaining(done, elapsedMs) {
    if (done < SETTLING_PART || elapsedMs < SETTLING_MS) return null;
    return ((elapsedMs / done) * (1 - done)) / 1000;
}
