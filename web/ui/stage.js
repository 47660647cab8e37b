/** Player, timeline and marks kept in step around one playhead. Knows times and frames, nothing of plans. */

import { clock, spoken } from './clock.js';
import { find } from './dom.js';
import { marks as makeMarks } from './marks.js';
import { player as makePlayer } from './player.js';
import { timeline as makeTimeline } from './timeline.js';
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
 */

/** A step where nothing says how long a frame is: sound, mostly. */
const DEFAULT_STEP_US = 40_000;
const SECOND_US = 1_000_000;

/**
 * @param {HTMLElement} root
 * @param {Options} options
 */
export function stage(root, { read, onChange, say }) {
    const now = find(root, '#clock-now', HTMLElement);
    const length = find(root, '#clock-total', HTMLElement);
    /** What the browser's player, then Python, says the file's length is, in µs. */
    let total = 0;
    let frameUs = DEFAULT_STEP_US;
    /** @type {string | null} */
    let frameRate = null;
    /** @type {File | null} */
    let current = null;

    /** @type {((us: number) => void) | null} sets the mark whose handle moved last to the picture that it came to stand on */
    let settle = null;

    const player = makePlayer(find(root, '#player', HTMLElement), {
        onTime: showTime,
        onLength: setTotal,
        onPicture: (us) => {
            const put = settle;
            put?.(us);
            settle = put;
        },
        onPlay: () => {
            settle = null;
        },
    });
    const timeline = makeTimeline(find(root, '#timeline', HTMLElement), {
        onSeek: seek,
        onIn: (us) => drag(us, marks.putStart),
        onOut: (us) => drag(us, marks.putEnd),
    });
    const marks = makeMarks(root, {
        read: (text) => read(text, { frame_rate: frameRate, duration_us: total || null }),
        onChange: () => {
            settle = null;
            const { startUs, endUs } = marks.selection;
            timeline.set({ in: startUs, out: endUs, step: frameUs });
            onChange();
        },
    });

    /** @param {number} us */
    function showTime(us) {
        now.textContent = clock(us);
        timeline.set({ now: us });
    }

    /** @param {number} us */
    function setTotal(us) {
        if (us !== total) timeline.setTotal(us);
        total = us;
        length.textContent = clock(us);
        marks.setTotal(us);
        showTime(player.position);
    }

    /** @param {number} us @param {(us: number) => void} put */
    function drag(us, put) {
        player.pause();
        put(us);
        player.seek(us);
        // The ends of the file are not at a picture.
        settle = us > 0 && us < total ? put : null;
    }

    /** @param {number} us */
    function seek(us) {
        settle = null;
        player.seek(us);
    }

    /** @param {-1 | 1} direction */
    function step(direction) {
        settle = null;
        player.step(direction, frameUs);
    }

    /** @param {string} name @param {(us: number) => void} put */
    function markHere(name, put) {
        put(player.position);
        say(`${name} point ${spoken(player.position)}`);
    }

    /** @param {number} us */
    const skip = (us) => seek(player.position + us);

    return {
        marks,
        /** Leave the machine to the export. */
        rest() {
            player.pause();
            timeline.rest();
        },
        /** @param {File} file */
        load(file) {
            total = 0;
            frameUs = DEFAULT_STEP_US;
            frameRate = null;
            current = file;
            player.load(file);
            timeline.picture(null);
            timeline.setTotal(1);
            marks.selection.setTotal(0);
            marks.reset();
        },
        unload() {
            player.unload();
            timeline.picture(null);
        },
        /** @param {MediaInfo} info what the file really is */
        describe({ tracks, duration_us: duration }) {
            const video = tracks.find((track) => track.kind === 'video');
            frameRate = video?.frame_rate ?? null;
            frameUs = frameRate ? SECOND_US / fraction(frameRate) : DEFAULT_STEP_US;
            player.describe({ total: duration, hasPicture: video !== undefined });
            setTotal(duration);
            timeline.picture(video ? current : null);
        },
        /** @returns {Command[]} */
        commands: () => [
            { button: 'play', keys: [' ', 'k'], run: () => void player.toggle() },
            { button: 'step-back', keys: ['arrowleft'], run: () => step(-1) },
            { button: 'step-forward', keys: ['arrowright'], run: () => step(1) },
            { keys: ['shift+arrowleft'], run: () => skip(-SECOND_US) },
            { keys: ['shift+arrowright'], run: () => skip(SECOND_US) },
            { keys: ['j'], run: () => skip(-10 * SECOND_US) },
            { keys: ['l'], run: () => skip(10 * SECOND_US) },
            { keys: ['home'], run: () => seek(0) },
            { keys: ['end'], run: () => seek(total) },
            { button: 'to-in', keys: ['['], run: () => seek(marks.selection.startUs) },
            { button: 'to-out', keys: [']'], run: () => seek(marks.selection.endUs) },
            { button: 'play-range', keys: ['p'], run: () => void player.playRange(marks.selection.startUs, marks.selection.endUs) },
            { button: 'set-in', keys: ['i'], run: () => markHere('In', marks.putStart) },
            { button: 'set-out', keys: ['o'], run: () => markHere('Out', marks.putEnd) },
            { button: 'mute', keys: ['m'], run: () => player.toggleMute() },
            { button: 'zoom-in', keys: ['+', '='], run: () => timeline.zoom(1) },
            { button: 'zoom-out', keys: ['-'], run: () => timeline.zoom(-1) },
            { button: 'zoom-fit', keys: ['0'], run: () => timeline.fit() },
        ],
    };
}
