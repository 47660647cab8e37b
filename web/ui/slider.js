/** One point on the timeline as an accessible slider: pointer, keys and spoken value. */

import { spoken } from './clock.js';

const SECOND_US = 1_000_000;

/**
 * @param {HTMLElement} element with role slider
 * @param {{at: (clientX: number) => number, step: () => number, onMove: (us: number) => void, say?: (us: number) => string}} options
 *   `at`: the time under a point of the screen; `step`: one frame in µs; `say`: a time as a screen reader reads it out
 */
export function slider(element, { at, step, onMove, say = spoken }) {
    const range = { min: 0, max: 0, now: -1 };
    /** How far from the point's exact place the pointer took hold. */
    let grip = 0;

    /** @param {number} us */
    function move(us) {
        onMove(Math.min(range.max, Math.max(range.min, us)));
    }

    element.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.stopPropagation();
        element.setPointerCapture(event.pointerId);
        element.focus({ preventScroll: true });
        grip = range.now - at(event.clientX);
    });
    element.addEventListener('pointermove', (event) => {
        if (element.hasPointerCapture(event.pointerId)) move(at(event.clientX) + grip);
    });
    element.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const stride = event.shiftKey ? SECOND_US : step();
        const target = {
            ArrowLeft: range.now - stride,
            ArrowDown: range.now - stride,
            ArrowRight: range.now + stride,
            ArrowUp: range.now + stride,
            PageDown: range.now - 10 * SECOND_US,
            PageUp: range.now + 10 * SECOND_US,
            Home: range.min,
            End: range.max,
        }[event.key];
        if (target === undefined) return;
        event.preventDefault();
        move(target);
    });

    return {
        /** @param {{min: number, max: number, now: number}} next µs */
        set(next) {
            if (next.min === range.min && next.max === range.max && next.now === range.now) return;
            Object.assign(range, next);
            element.setAttribute('aria-valuemin', String(Math.round(next.min / 1000)));
            element.setAttribute('aria-valuemax', String(Math.round(next.max / 1000)));
            element.setAttribute('aria-valuenow', String(Math.round(next.now / 1000)));
            element.setAttribute('aria-valuetext', say(next.now));
        },
    };
}
