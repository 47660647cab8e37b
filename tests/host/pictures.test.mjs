/** Which picture counts, for every order in which a browser may tell of pictures and seeks. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Pictures } from '../../web/ui/pictures.js';

const FRAME_S = 0.04;
/** Half a microsecond more than a frame's time, as the player seeks. */
const at = (/** @type {number} */ frame) => frame * FRAME_S + 5e-7;

/** What a browser's player tells, in the order that a test says. */
class Video extends EventTarget {
    currentTime = 0;
    paused = true;
    seeking = false;
    /** @type {((now: number, about: {mediaTime: number}) => void)[]} */
    #waiting = [];

    /** @param {(now: number, about: {mediaTime: number}) => void} callback */
    requestVideoFrameCallback(callback) {
        this.#waiting.push(callback);
    }

    /** @param {number} frame */
    seek(frame) {
        this.currentTime = at(frame);
        this.seeking = true;
    }

    /** @param {number} frame */
    picture(frame) {
        for (const callback of this.#waiting.splice(0)) callback(0, { mediaTime: frame * FRAME_S });
    }

    seeked() {
        this.seeking = false;
        this.dispatchEvent(new Event('seeked'));
    }
}

function watched() {
    const video = new Video();
    /** @type {(number | null)[]} */
    const heard = [];
    const pictures = new Pictures(/** @type {any} */ (video), () => heard.push(frameOf(pictures.shown)));
    video.picture(0);
    heard.length = 0;
    /** @param {number} frame */
    const seek = (frame) => {
        pictures.forget();
        video.seek(frame);
    };
    return { video, heard, seek, shown: () => frameOf(pictures.shown) };
}

/** @param {number | null} time */
function frameOf(time) {
    return time === null ? null : Math.round(time / FRAME_S);
}

test('a picture that comes before its seek has ended shows at once', () => {
    for (const frame of [1, 7, 0]) {
        const { video, seek, shown } = watched();
        seek(7);
        video.picture(7);
        video.seeked();
        assert.equal(shown(), 7);
        seek(frame);
        video.picture(frame);
        video.seeked();
        assert.equal(shown(), frame);
    }
});

test('the picture of the step before, come late, does not count', () => {
    for (const steps of [[1, 2], [1, 2, 3], [5, 1, 2], [2, 0, 3]]) {
        const { video, heard, seek, shown } = watched();
        for (const frame of steps) seek(frame);
        for (const frame of steps.slice(0, -1)) video.picture(frame);
        video.seeked();
        assert.equal(shown(), null);
        video.picture(/** @type {number} */ (steps.at(-1)));
        assert.deepEqual([shown(), heard], [steps.at(-1), [steps.at(-1)]]);
    }
});

test('a picture that lasts beyond the step is the one when no other follows', async () => {
    const { video, heard, seek, shown } = watched();
    seek(1);
    video.picture(0);
    video.seeked();
    assert.equal(shown(), null);
    await pause(150);
    assert.deepEqual([shown(), heard], [0, [0]]);
});
