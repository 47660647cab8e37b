/** The kept range of the whole file: two handles and the playhead, each a slider. */

import { spoken } from '../ui/clock.js';
import { slider } from '../ui/slider.js';
import { speaker } from './words.js';

/** @typedef {'in' | 'out' | 'now'} Point */

/**
 * @param {HTMLElement} track
 * @param {Record<Point, HTMLElement>} elements with role slider
 * @param {(point: Point, us: number) => void} onMove
 */
export function range(track, elements, onMove) {
    const now = { in: 0, out: 0, now: 0, step: 40_000, total: 0 };
    /** @type {(us: number) => string} */
    let say = spoken;

    const at = (/** @type {number} */ clientX) => {
        const { left, width } = track.getBoundingClientRect();
        return Math.round(Math.min(1, Math.max(0, (clientX - left) / (width || 1))) * now.total);
    };
    const sliders = /** @type {Point[]} */ (Object.keys(elements)).map((point) => {
        const move = (/** @type {number} */ us) => onMove(point, Math.round(us));
        return { point, ...slider(elements[point], { at, step: () => now.step, onMove: move, say: (us) => say(us) }) };
    });

    function place() {
        const { in: start, out: end, now: playhead, step, total } = now;
        const limits = {
            in: { min: 0, max: Math.max(0, end - step), now: start },
            out: { min: Math.min(total, start + step), max: total, now: end },
            now: { min: 0, max: total, now: playhead },
        };
        for (const { point, set } of sliders) {
            set(limits[point]);
            track.style.setProperty(`--${point}`, String(Math.min(1, Math.max(0, now[point] / (total || 1)))));
        }
    }
    track.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        track.setPointerCapture(event.pointerId);
        onMove('now', at(event.clientX));
    });
    track.addEventListener('pointermove', (event) => {
        if (track.hasPointerCapture(event.pointerId)) onMove('now', at(event.clientX));
    });

    return {
        /** @param {Partial<typeof now>} next µs */
        set(next) {
            Object.assign(now, next);
            place();
        },
        /** @param {string} language that times are read out in */
        speak(language) {
            say = speaker(language) ?? spoken;
            // A slider whose value stays says nothing new.
            for (const { set } of sliders) set({ min: 0, max: 0, now: -1 });
            place();
        },
    };
}
