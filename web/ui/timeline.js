/** The timeline: scale, pictures, kept range, two handles, the playhead, and zoom. */

import { find } from './dom.js';
import { filmstrip } from './filmstrip.js';
import { pieces } from './pieces.js';
import { ruler } from './ruler.js';
import { slider } from './slider.js';
import { Viewport } from './viewport.js';

/**
 * @import {Piece} from './pieces.js'
 * @typedef {(us: number) => void} Move
 * @typedef {'in' | 'out' | 'now'} Point
 */

const ZOOM = 2;
const POINTS = /** @type {const} */ (['in', 'out', 'now']);

export class Timeline {
    #track;
    #strip;
    #pieces;
    #drawRuler;
    #onSeek;
    #elements;
    #sliders;
    #view = new Viewport();
    #marks = { in: 0, out: 1, now: 0, step: 40_000 };

    /**
     * @param {HTMLElement} root
     * @param {{onSeek: Move, onIn: Move, onOut: Move}} events
     */
    constructor(root, { onSeek, onIn, onOut }) {
        this.#track = find(root, '#track', HTMLElement);
        this.#strip = filmstrip(find(root, '#strip', HTMLCanvasElement));
        this.#pieces = pieces(find(root, '#pieces', HTMLElement));
        this.#drawRuler = ruler(find(root, '#ruler', HTMLElement));
        this.#onSeek = onSeek;
        this.#elements = {
            in: find(root, '#handle-in', HTMLElement),
            out: find(root, '#handle-out', HTMLElement),
            now: find(root, '#playhead', HTMLElement),
        };
        const at = (/** @type {number} */ clientX) => this.#at(clientX);
        const step = () => this.#marks.step;
        this.#sliders = {
            in: slider(this.#elements.in, { at, step, onMove: onIn }),
            out: slider(this.#elements.out, { at, step, onMove: onOut }),
            now: slider(this.#elements.now, { at, step, onMove: onSeek }),
        };
        this.#listen();
    }

    /** @param {File | null} file whose pictures to show; null: none */
    picture(file) {
        this.#strip.use(file);
        this.#strip.draw(this.#view);
    }

    /** @param {boolean} idle whether what is marked means nothing yet */
    showIdle(idle) {
        this.#track.toggleAttribute('data-idle', idle);
    }

    /** @param {readonly Piece[]} segments the listed ones @param {boolean} removed whether they are what goes */
    show(segments, removed) {
        this.#pieces.use(segments, removed);
        this.#track.toggleAttribute('data-listed', segments.length > 0);
        this.#pieces.place(this.#view);
    }

    /** Something more important needs the machine. */
    rest() {
        this.#strip.stop();
    }

    /** @param {number} total µs */
    setTotal(total) {
        this.#view.reset(total);
        this.#redraw();
    }

    /** @param {{in?: number, out?: number, now?: number, step?: number}} next µs */
    set(next) {
        Object.assign(this.#marks, next);
        if (next.now !== undefined) this.#change(() => this.#view.reveal(this.#marks.now));
        this.#place();
    }

    /** @param {1 | -1} direction in or out, around the playhead */
    zoom(direction) {
        this.#change(() => this.#view.zoom(ZOOM ** -direction, this.#marks.now));
    }

    fit() {
        this.#change(() => this.#view.reset(this.#view.total));
    }

    #listen() {
        const track = this.#track;
        track.addEventListener('pointerdown', (event) => {
            if (event.button !== 0) return;
            track.setPointerCapture(event.pointerId);
            this.#onSeek(this.#at(event.clientX));
        });
        track.addEventListener('pointermove', (event) => {
            if (track.hasPointerCapture(event.pointerId)) this.#onSeek(this.#at(event.clientX));
        });
        track.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
        for (const point of POINTS) {
            this.#elements[point].addEventListener('focus', () => this.#change(() => this.#view.reveal(this.#marks[point])));
        }
        new ResizeObserver(() => this.#redraw()).observe(track);
    }

    /** @param {WheelEvent} event with Ctrl it zooms, without it moves what is zoomed */
    #wheel(event) {
        if (!event.ctrlKey && this.#view.isWhole) return;
        event.preventDefault();
        const along = (event.deltaX || event.deltaY) / this.#track.clientWidth;
        if (event.ctrlKey) this.#change(() => this.#view.zoom(Math.exp(event.deltaY / 200), this.#at(event.clientX)));
        else this.#change(() => this.#view.pan(along * this.#view.length));
    }

    /** @param {number} clientX */
    #at(clientX) {
        const { left, width } = this.#track.getBoundingClientRect();
        return this.#view.at(Math.min(1, Math.max(0, (clientX - left) / width)));
    }

    /** @param {() => void} act on the view */
    #change(act) {
        const { start, end } = this.#view;
        act();
        if (start !== this.#view.start || end !== this.#view.end) this.#redraw();
    }

    #redraw() {
        this.#drawRuler(this.#view, this.#track.clientWidth);
        this.#pieces.place(this.#view);
        this.#place();
        this.#strip.draw(this.#view);
    }

    #place() {
        const { total } = this.#view;
        const { in: start, out: end, now, step } = this.#marks;
        this.#sliders.in.set({ min: 0, max: Math.max(0, end - step), now: start });
        this.#sliders.out.set({ min: Math.min(total, start + step), max: total, now: end });
        this.#sliders.now.set({ min: 0, max: total, now });
        for (const point of POINTS) {
            const fraction = this.#view.fraction(this.#marks[point]);
            this.#track.style.setProperty(`--${point}`, String(Math.min(1, Math.max(0, fraction))));
            this.#elements[point].toggleAttribute('data-off', fraction < 0 || fraction > 1);
        }
    }
}
