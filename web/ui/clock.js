/** Showing times. Reading them is Python's work; nothing here is ever parsed back. */

/**
 * `1:02:03.456`, floored to the millisecond, so that it never names a later frame.
 * @param {number} us
 */
export function clock(us) {
    const ms = Math.floor(Math.max(0, us) / 1000);
    return `${hms(Math.floor(ms / 1000))}.${String(ms % 1000).padStart(3, '0')}`;
}

/**
 * The same to the microsecond, for lists that are read again.
 * @param {number} us
 */
export function exactClock(us) {
    return `${hms(Math.floor(us / 1_000_000))}.${String(us % 1_000_000).padStart(6, '0')}`;
}

/**
 * The same without a fraction's idle zeros: `1:30`, `1:30.5`; for ruler marks.
 * @param {number} us
 */
export function shortClock(us) {
    return clock(us).replace(/\.0+$/, '').replace(/(\.\d*?)0+$/, '$1');
}

/**
 * `1 hour 2 minutes 3.456 seconds`, for screen readers.
 * @param {number} us
 */
export function spoken(us) {
    const ms = Math.floor(Math.max(0, us) / 1000);
    const parts = [
        count(Math.floor(ms / 3_600_000), 'hour'),
        count(Math.floor(ms / 60_000) % 60, 'minute'),
        count((ms % 60_000) / 1000, 'second'),
    ];
    return parts.filter((part) => !part.startsWith('0 ')).join(' ') || '0 seconds';
}

/**
 * `12 s`, `3 min`, `1 h 5 min`, for time left and time taken.
 * @param {number} seconds
 */
export function rough(seconds) {
    if (seconds < 10) return `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
    if (seconds < 90) return `${Math.round(seconds)} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} seconds whole seconds */
function hms(seconds) {
    const h = Math.floor(seconds / 3600);
    const m = Math.floor(seconds / 60) % 60;
    const s = String(seconds % 60).padStart(2, '0');
    return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** @param {number} n @param {string} unit */
function count(n, unit) {
    return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
