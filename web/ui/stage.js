/** Player, timeline and marks kept in step around one playhead. Knows times and frames, nothing of plans. */

import { clock, spoken } from './clock.js';
import { find } from './dom.js';
import { marks as makeMarks } from './marks.js';
import { Player } from './player.js';
import { playerView } from './playerview.js';
import { WHOLE } from './selection.js';
import { Timeline } from './timeline.js';
import { fraction } from './words.js';

/**
 * @import {MediaInfo, TimeReading} from '../protocol.gen.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @import {Command} from './commands.js'
 * @typedef {{
 *     read: (text: string, facts: {frame_rate: string | null, duration_us: number | null}) => Promise<TimeReading | WireError>,
 *     onChange: () => void,
 *     say: (text: string) => void,
 * }} Options `onChange`: something else is to be kept
 * @typedef {(us: number) => void} Put sets a mark
 */

/** A step where nothing says how long a frame is: sound, mostly. */
const DEFAULT_STEP_US = 40_000;
const SECOND_US = 1_000_000;

export class Stage {
    #now;
    #length;
    #player;
    #timeline;
    #view;
    #say;
    /** What the browser's player, then Python, says the file's length is, in µs. */
    #total = 0;
    #frameUs = DEFAULT_STEP_US;
    /** @type {string | null} */
    #frameRate = null;
    /** @type {File | null} */
    #file = null;
    /** @type {Put | null} sets the mark whose handle moved last to the picture that it came to stand on */
    #settle = null;

    /**
     * @param {HTMLElement} root
     * @param {Options} options
     */
    constructor(root, { read, onChange, say }) {
        this.#now = find(root, '#clock-now', HTMLElement);
        this.#length = find(root, '#clock-total', HTMLElement);
        this.#say = say;
        this.#view = playerView(root);
        this.#player = new Player(find(root, '#video', HTMLVideoElement), {
            onTime: (us) => this.#showTime(us),
            onLength: (us) => this.#setTotal(us),
            onPicture: (us) => this.#settleAt(us),
            onPlay: (playing) => {
                this.#settle = null;
                this.#view.showPlaying(playing);
            },
            onView: this.#view.show,
        });
        this.#timeline = new Timeline(find(root, '#timeline', HTMLElement), {
            onSeek: (us) => this.#seek(us),
            onIn: (us) => this.#drag(us, this.marks.putStart),
            onOut: (us) => this.#drag(us, this.marks.putEnd),
        });
        this.marks = makeMarks(root, {
            read: (text) => read(text, { frame_rate: this.#frameRate, duration_us: this.#total || null }),
            onChange: () => {
                this.#settle = null;
                this.#timeline.set({ in: this.marks.selection.startUs, out: this.marks.selection.endUs, step: this.#frameUs });
                onChange();
            },
        });
    }

    /** @param {File} file */
    load(file) {
        this.#file = file;
        this.#total = 0;
        this.#frameUs = DEFAULT_STEP_US;
        this.#frameRate = null;
        this.#player.load(file);
        this.#timeline.picture(null);
        this.#timeline.setTotal(1);
        this.marks.selection.setTotal(0);
        this.marks.take(WHOLE);
    }

    unload() {
        this.#player.unload();
        this.#timeline.picture(null);
    }

    /** @param {MediaInfo} info what the file really is */
    describe({ tracks, duration_us: total }) {
        const video = tracks.find((track) => track.kind === 'video');
        this.#frameRate = video?.frame_rate ?? null;
        // A variable rate is an average: its frames may be much shorter.
        this.#frameUs = this.#frameRate ? SECOND_US / fraction(this.#frameRate) / (video?.vfr ? 4 : 1) : DEFAULT_STEP_US;
        this.#player.describe({ total, hasPicture: video !== undefined, frameUs: this.#frameUs });
        this.#setTotal(total);
        this.#timeline.picture(video ? this.#file : null);
    }

    /** The playhead, in µs. */
    get position() {
        return this.#player.position;
    }

    /** @param {Parameters<Timeline['show']>} listed */
    showSegments(...listed) {
        this.#timeline.show(...listed);
    }

    /** @param {boolean} idle whether what is marked means nothing yet */
    showIdle(idle) {
        this.#timeline.showIdle(idle);
    }

    /** @param {number} us */
    seek(us) {
        this.#player.pause();
        this.#seek(us);
    }

    /** Leave the machine to the export. */
    rest() {
        this.#player.pause();
        this.#timeline.rest();
    }

    /** @returns {Command[]} */
    commands() {
        const { selection, putStart, putEnd } = this.marks;
        return [
            { button: 'play', keys: [' ', 'k'], run: () => void this.#player.toggle() },
            { button: 'play-range', keys: ['p'], run: () => void this.#player.playRange(selection.startUs, selection.endUs) },
            { button: 'step-back', keys: ['arrowleft'], run: () => this.#step(-1) },
            { button: 'step-forward', keys: ['arrowright'], run: () => this.#step(1) },
            { keys: ['shift+arrowleft'], run: () => this.#skip(-SECOND_US) },
            { keys: ['shift+arrowright'], run: () => this.#skip(SECOND_US) },
            { keys: ['j'], run: () => this.#skip(-10 * SECOND_US) },
            { keys: ['l'], run: () => this.#skip(10 * SECOND_US) },
            { keys: ['home'], run: () => this.#seek(0) },
            { keys: ['end'], run: () => this.#seek(this.#total) },
            { button: 'to-in', keys: ['['], run: () => this.#seek(selection.startUs) },
            { button: 'to-out', keys: [']'], run: () => this.#seek(selection.endUs) },
            { button: 'set-in', keys: ['i'], run: () => this.#markHere('In', putStart) },
            { button: 'set-out', keys: ['o'], run: () => this.#markHere('Out', putEnd) },
            { button: 'mute', keys: ['m'], run: () => this.#view.showMuted(this.#player.toggleMute()) },
            { button: 'zoom-in', keys: ['+', '='], run: () => this.#timeline.zoom(1) },
            { button: 'zoom-out', keys: ['-'], run: () => this.#timeline.zoom(-1) },
            { button: 'zoom-fit', keys: ['0'], run: () => this.#timeline.fit() },
        ];
    }

    /** @param {number} us */
    #showTime(us) {
        this.#now.textContent = clock(us);
        this.#timeline.set({ now: us });
    }

    /** @param {number} us */
    #setTotal(us) {
        if (us !== this.#total) this.#timeline.setTotal(us);
        this.#total = us;
        this.#length.textContent = clock(us);
        this.marks.setTotal(us);
        this.#showTime(this.#player.position);
    }

    /** @param {number} us */
    #seek(us) {
        this.#settle = null;
        this.#player.seek(us);
    }

    /** @param {number} us */
    #skip(us) {
        this.#seek(this.#player.position + us);
    }

    /** @param {-1 | 1} direction */
    #step(direction) {
        this.#settle = null;
        this.#player.step(direction, this.#frameUs);
    }

    /** @param {string} name @param {Put} put */
    #markHere(name, put) {
        put(this.#player.position);
        this.#say(`${name} point ${spoken(this.#player.position)}`);
    }

    /** @param {number} us @param {Put} put */
    #drag(us, put) {
        this.#player.pause();
        put(us);
        this.#player.seek(us);
        // The ends of the file are not at a picture.
        this.#settle = us > 0 && us < this.#total ? put : null;
    }

    /** @param {number} us the picture that a dragged mark came to stand on */
    #settleAt(us) {
        const put = this.#settle;
        put?.(us);
        this.#settle = put;
    }
}
