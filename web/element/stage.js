/** The open file: its preview, the kept range, and the two fields that say the same in words. */

import { clock } from '../ui/clock.js';
import { Player } from '../ui/player.js';
import { timeField } from '../ui/timefield.js';
import { fraction } from '../ui/words.js';
import { setIcon } from './build.js';
import { range } from './range.js';

/**
 * @import {MediaInfo, TimeReading} from '../protocol.gen.js'
 * @import {Mark} from '../ui/selection.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @import {Point} from './range.js'
 * @import {View} from './view.js'
 * @import {Words} from './words.js'
 * @typedef {'start' | 'end'} End
 * @typedef {{read: (text: string, facts: {frame_rate: string | null, duration_us: number | null}) => Promise<TimeReading | WireError>, onMark: (end: End, mark: Mark | null) => void}} Events
 *   `onMark` hears of points that the person set
 */

const SECOND_US = 1_000_000;
const DEFAULT_STEP_US = 40_000;

export class Stage {
    #view;
    #read;
    #onMark;
    #player;
    #range;
    #fields;
    /** @type {Record<End, Mark | null>} */
    #marks = { start: null, end: null };
    /** Counts what was set, so that a late reading is dropped. */
    #edits = { start: 0, end: 0 };
    #total = 0;
    /** @type {string | null} */
    #frameRate = null;
    /** @type {End | null} whose handle waits for the picture that it came to stand on */
    #settling = null;
    /** @type {Words | null} */
    #words = null;

    /** @param {View} view @param {Events} events */
    constructor(view, { read, onMark }) {
        this.#view = view;
        this.#read = (/** @type {string} */ text) => read(text, { frame_rate: this.#frameRate, duration_us: this.#total || null });
        this.#onMark = onMark;
        this.#range = range(view.track, view.points, (point, us) => this.#moved(point, us));
        const field = (/** @type {End} */ end) => timeField(view[end], {
            read: this.#read,
            onTime: (mark) => this.#byHand(end, mark),
        });
        this.#fields = { start: field('start'), end: field('end') };
        this.#player = new Player(view.video, {
            onTime: (us) => this.#showTime(us),
            onLength: (us) => this.#setTotal(us),
            onPicture: (us) => {
                if (this.#settling) this.#byHand(this.#settling, { us, text: null });
            },
            onPlay: (playing) => this.#showPlaying(playing),
            onView: (kind, lack) => this.#showKind(kind, lack !== ''),
        });
        view.play.addEventListener('click', () => (view.video.paused ? void this.play() : this.pause()));
        view.setIn.addEventListener('click', () => this.#byHand('start', { us: this.#player.position, text: null }));
        view.setOut.addEventListener('click', () => this.#byHand('end', { us: this.#player.position, text: null }));
    }

    /** What is kept, half-open, in µs. */
    get span() {
        return { start: this.#marks.start?.us ?? 0, end: this.#marks.end?.us ?? this.#total };
    }

    /** The first field that holds no time, if any. */
    get unreadable() {
        return Object.values(this.#fields).find((field) => field.isUnreadable);
    }

    /** Have everything that was typed read. */
    async settle() {
        await Promise.all(Object.values(this.#fields).map((field) => field.settle()));
    }

    /** @param {string} language @param {Words} words */
    speak(language, words) {
        this.#words = words;
        this.#range.speak(language);
        this.#showPlaying(!this.#view.video.paused);
    }

    /** @param {File} file */
    load(file) {
        this.#frameRate = null;
        this.#total = 0;
        for (const end of /** @type {const} */ (['start', 'end'])) this.#mark(end, null);
        for (const field of Object.values(this.#fields)) field.show(null, true);
        this.#range.set({ in: 0, out: 0, now: 0, step: DEFAULT_STEP_US, total: 0 });
        this.#player.load(file);
    }

    unload() {
        for (const end of /** @type {const} */ (['start', 'end'])) this.#mark(end, null);
        this.#player.unload();
    }

    /** @param {MediaInfo} info what the file really is */
    describe({ tracks, duration_us: total }) {
        const video = tracks.find((track) => track.kind === 'video');
        this.#frameRate = video?.frame_rate ?? null;
        // A variable rate is an average: its frames may be much shorter.
        const step = this.#frameRate ? SECOND_US / fraction(this.#frameRate) / (video?.vfr ? 4 : 1) : DEFAULT_STEP_US;
        this.#player.describe({ total, hasPicture: video !== undefined, frameUs: step });
        this.#range.set({ step });
        this.#setTotal(total);
    }

    /**
     * Set a point from outside.
     * @param {End} end
     * @param {string} text a time; empty: the file's own
     * @returns {Promise<WireError | null>} what is wrong with it
     */
    async write(end, text) {
        const edit = ++this.#edits[end];
        const reading = text === '' ? null : await this.#read(text);
        if (edit !== this.#edits[end]) return null;
        if (reading && 'code' in reading) return reading;
        this.#settling = null;
        this.#place(end, reading && { us: reading.us, text });
        return null;
    }

    /** Play what is kept, from the playhead where it is inside. */
    async play() {
        const { start, end } = this.span;
        const from = this.#player.position;
        await this.#player.playRange(from >= start && from < end ? from : start, end);
    }

    pause() {
        this.#player.pause();
    }

    /** @param {number} us */
    seek(us) {
        this.#settling = null;
        this.#player.seek(us);
    }

    /** @param {Point} point @param {number} us */
    #moved(point, us) {
        this.#player.pause();
        this.#settling = null;
        if (point !== 'now') this.#byHand(point === 'in' ? 'start' : 'end', { us, text: null });
        this.#player.seek(us);
        // The ends of the file are not at a picture.
        if (point !== 'now' && us > 0 && us < this.#total) this.#settling = point === 'in' ? 'start' : 'end';
    }

    /** @param {End} end @param {Mark | null} mark */
    #byHand(end, mark) {
        this.#place(end, mark);
        this.#onMark(end, mark);
    }

    /** @param {End} end @param {Mark | null} mark */
    #place(end, mark) {
        this.#mark(end, mark);
        this.#fields[end].show(mark);
        this.#drawRange();
    }

    /** @param {End} end @param {Mark | null} mark */
    #mark(end, mark) {
        this.#edits[end] += 1;
        this.#marks[end] = mark;
    }

    #drawRange() {
        const { start, end } = this.span;
        this.#range.set({ in: start, out: end, total: this.#total });
    }

    /** @param {number} us */
    #setTotal(us) {
        this.#total = us;
        this.#drawRange();
        this.#showTime(this.#player.position);
    }

    /** @param {number} us */
    #showTime(us) {
        this.#range.set({ now: us });
        this.#view.clock.textContent = `${clock(us)} / ${clock(this.#total)}`;
    }

    /** @param {boolean} playing */
    #showPlaying(playing) {
        const { play, playIcon } = this.#view;
        setIcon(playIcon, playing ? 'pause' : 'play');
        play.setAttribute('data-label', playing ? 'pause' : 'play');
        if (this.#words) play.setAttribute('aria-label', playing ? this.#words.pause : this.#words.play);
    }

    /** @param {'loading' | 'picture' | 'sound' | 'none'} kind @param {boolean} isLacking whether there is more than can be shown */
    #showKind(kind, isLacking) {
        const { preview, cover, play } = this.#view;
        preview.dataset.kind = kind;
        preview.hidden = kind === 'sound' && !isLacking;
        play.disabled = kind === 'none';
        const word = kind === 'sound' ? 'unseen' : 'unplayable';
        cover.textContent = isLacking && this.#words ? this.#words[word] : '';
        if (isLacking) cover.dataset.word = word;
        else delete cover.dataset.word;
    }
}
