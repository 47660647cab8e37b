/** The timeline: scale, kept range, two handles, the playhead, and zoom. */

import { find } from './dom.js';
import { filmstrip } from './filmstrip.js';
import { ruler } from './ruler.js';
import { slider } from './slider.js';
import { Viewport } from './viewport.js';

/**
 * @typedef {{
 *     onSeek: (us: number) => void,
 *     onIn: (us: number, done: boolean) => void,
 *     onOut: (us: number, done: boolean) => void,
 * }} Events
 */

const ZOOM = 2;

/**
 * @param {HTMLElement} root
 * @param {Events} events
 */
export function timeline(root, events) {
    const track = find(root, '#track', HTMLElement);
    const view = new Viewport();
    const strip = filmstrip(find(track, '#strip', HTMLCanvasElement));
    const drawRuler = ruler(find(root, '#ruler', HTMLElement));
    const marks = { in: 0, out: 1, now: 0, step: 40_000 };
    const elements = {
        in: find(track, '#handle-in', HTMLElement),
        out: find(track, '#handle-out', HTMLElement),
        now: find(track, '#playhead', HTMLElement),
    };
    const step = () => marks.step;
    const sliders = {
        in: slider(elements.in, { at, step, onMove: events.onIn }),
        out: slider(elements.out, { at, step, onMove: events.onOut }),
        now: slider(elements.now, { at, step, onMove: events.onSeek }),
    };

    /** @param {number} clientX */
    function at(clientX) {
        const box = track.getBoundingClientRect();
        return view.at(Math.min(1, Math.max(0, (clientX - box.left) / box.width)));
    }

    function place() {
        const { total } = view;
        sliders.in.set({ min: 0, max: Math.max(0, marks.out - marks.step), now: marks.in });
        sliders.out.set({ min: Math.min(total, marks.in + marks.step), max: total, now: marks.out });
        sliders.now.set({ min: 0, max: total, now: marks.now });
        for (const name of /** @type {const} */ (['in', 'out', 'now'])) {
            const fraction = view.fraction(marks[name]);
            track.style.setProperty(`--${name}`, String(Math.min(1, Math.max(0, fraction))));
            elements[name].toggleAttribute('data-off', fraction < 0 || fraction > 1);
        }
    }

    function redraw() {
        drawRuler(view, track.clientWidth);
        place();
        strip.draw(view);
    }

    /** @param {() => void} change */
    function changeView(change) {
        const before = `${view.start} ${view.end}`;
        change();
        if (before !== `${view.start} ${view.end}`) redraw();
    }

    track.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        track.setPointerCapture(event.pointerId);
        events.onSeek(at(event.clientX));
    });
    track.addEventListener('pointermove', (event) => {
        if (track.hasPointerCapture(event.pointerId)) events.onSeek(at(event.clientX));
    });
    track.addEventListener('wheel', (event) => {
        if (!event.ctrlKey && view.isWhole) return;
        event.preventDefault();
        const along = event.deltaX || event.deltaY;
        if (event.ctrlKey) changeView(() => view.zoom(Math.exp(event.deltaY / 200), at(event.clientX)));
        else changeView(() => view.pan((along / track.clientWidth) * view.length));
    }, { passive: false });
    for (const name of /** @type {const} */ (['in', 'out', 'now'])) {
        elements[name].addEventListener('focus', () => changeView(() => view.reveal(marks[name])));
    }
    new ResizeObserver(redraw).observe(track);

    return {
        /** @param {1 | -1} direction in or out, around the playhead */
        zoom: (direction) => changeView(() => view.zoom(ZOOM ** -direction, marks.now)),
        fit: () => changeView(() => view.reset(view.total)),
        /** @param {File | null} file whose pictures to show; null: none */
        picture(file) {
            strip.use(file);
            if (file) strip.draw(view);
        },
        /** Something more important needs the machine. */
        rest: () => strip.stop(),
        /** @param {number} total µs */
        setTotal(total) {
            view.reset(total);
            redraw();
        },
        /** @param {{in?: number, out?: number, now?: number, step?: number}} next µs */
        set(next) {
            Object.assign(marks, next);
            if (next.now !== undefined) changeView(() => view.reveal(marks.now));
            place();
        },
    };
}
