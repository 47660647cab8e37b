/**
 * The preview. Its position is kept in whole microseconds and, while a picture shows, is that picture's own time: floored,
 * it names the frame on screen. Where the browser cannot play the file the position still moves, by hand.
 */

import { Pictures } from './pictures.js';

/**
 * @typedef {'loading' | 'picture' | 'sound' | 'none'} View
 * @typedef {{
 *     onTime: (us: number) => void,
 *     onLength: (us: number) => void,
 *     onPicture: (us: number) => void,
 *     onPlay: (playing: boolean) => void,
 *     onView: (view: View, text: string) => void,
 * }} Events `onLength` brings the browser's own estimate, `onPicture` the time of a picture that stands still on screen
 */

/** Undoes what binary fractions do to whole microseconds. */
const NOISE_US = 0.01;

/** No frame is this short. */
const JUST_BEFORE_US = 1000;

const NO_PREVIEW = 'This browser cannot play this format, so there is no preview.';
const PREVIEW_ENDED = 'The browser can read no further, so the preview has stopped.';
const STILL_CUTS = 'Cutting works all the same: type the times below.';
const NO_PICTURE = 'This browser plays the sound but cannot show these pictures. Cutting works all the same, and the clip keeps them.';

export class Player {
    #video;
    #events;
    #pictures;
    #url = '';
    #total = 0;
    #position = 0;
    #hasPicture = false;
    /** @type {View} */
    #view = 'loading';
    /** @type {number | null} */
    #stopAt = null;
    /** @type {{from: number, aim: number, stride: number} | null} a step that has not found another picture yet */
    #onward = null;

    /**
     * @param {HTMLVideoElement} video
     * @param {Events} events
     */
    constructor(video, events) {
        this.#video = video;
        this.#events = events;
        this.#pictures = new Pictures(video, () => this.#update());
        video.addEventListener('loadedmetadata', () => this.#opened());
        video.addEventListener('error', () => this.#broken());
        video.addEventListener('play', () => {
            this.#onward = null;
            events.onPlay(true);
            this.#tick();
        });
        video.addEventListener('pause', () => events.onPlay(false));
        video.addEventListener('seeked', () => this.#update());
        video.addEventListener('ended', () => this.#update());
        video.addEventListener('click', () => void this.toggle());
    }

    get position() {
        return this.#position;
    }

    /** @param {File} file */
    load(file) {
        this.unload();
        this.#url = URL.createObjectURL(file);
        this.#show('loading');
        this.#video.src = this.#url;
    }

    unload() {
        this.#video.pause();
        this.#video.removeAttribute('src');
        this.#video.load();
        if (this.#url) URL.revokeObjectURL(this.#url);
        this.#url = '';
        this.#stopAt = this.#onward = null;
        this.#total = this.#position = 0;
        this.#hasPicture = false;
        this.#pictures.forget();
    }

    /**
     * What is really in the file, once it is known.
     * @param {{total: number, hasPicture: boolean, frameUs: number}} facts `total` in µs
     */
    describe({ total, hasPicture, frameUs }) {
        this.#total = total;
        this.#hasPicture = hasPicture;
        this.#pictures.frameUs = frameUs;
        if (this.#view === 'sound') this.#show('sound');
    }

    /** @param {number} us */
    seek(us) {
        this.#onward = null;
        this.#go(us, us);
    }

    /**
     * One picture on or back. The one before shows just before this one; the one after is looked for at a frame's distance,
     * and then further, as long as the same one shows: frames may be longer than anybody said.
     * @param {-1 | 1} direction
     * @param {number} frameUs
     */
    step(direction, frameUs) {
        this.pause();
        // A search that has begun goes on; another step would start it over.
        if (direction > 0 && this.#onward && this.#onward.stride > frameUs) return;
        const from = this.#position;
        this.#onward = direction > 0 ? { from, aim: from + 1.5 * frameUs, stride: frameUs } : null;
        this.#go(from + direction * frameUs, this.#onward?.aim ?? from - JUST_BEFORE_US);
    }

    async toggle() {
        if (!this.#canPlay) return;
        this.#stopAt = null;
        if (!this.#video.paused) return this.pause();
        if (this.#position >= this.#total) this.seek(0);
        await this.#play();
    }

    /** @param {number} from @param {number} to µs */
    async playRange(from, to) {
        if (!this.#canPlay) return;
        this.seek(from);
        this.#stopAt = to < this.#total ? to : null;
        await this.#play();
    }

    pause() {
        this.#video.pause();
    }

    /** @returns {boolean} whether it is silent now */
    toggleMute() {
        this.#video.muted = !this.#video.muted;
        return this.#video.muted;
    }

    /**
     * @param {number} us what the position is until a picture tells
     * @param {number} target where to look; half a microsecond more keeps rounding from finding the frame before
     */
    #go(us, target) {
        this.#stopAt = null;
        this.#position = this.#within(us);
        this.#pictures.forget();
        const at = this.#within(target);
        if (this.#canPlay) this.#video.currentTime = (at < this.#total ? at + 0.5 : at) / 1e6;
        this.#events.onTime(this.#position);
    }

    /** @param {number} us */
    #within(us) {
        return Math.round(Math.min(this.#total, Math.max(0, us)));
    }

    get #canPlay() {
        return this.#video.readyState >= HTMLMediaElement.HAVE_METADATA;
    }

    async #play() {
        // Rejects when a pause overtakes it, which is no error.
        await this.#video.play().catch(() => {});
    }

    #tick() {
        if (this.#video.paused) return;
        this.#update();
        requestAnimationFrame(() => this.#tick());
    }

    #update() {
        const { currentTime, ended, paused } = this.#video;
        if (this.#stopAt !== null && toUs(currentTime) >= this.#stopAt) {
            const target = this.#stopAt;
            this.pause();
            this.seek(target);
            return;
        }
        const picture = ended ? null : this.#pictures.shown;
        if (picture !== null && this.#onward && toUs(picture) <= this.#onward.from) return this.#lookFurther(this.#onward);
        if (picture !== null || ended) this.#onward = null;
        if (ended) this.#position = this.#total;
        else if (picture !== null) this.#position = toUs(picture);
        else if (!paused) this.#position = toUs(currentTime);
        this.#position = this.#within(this.#position);
        this.#events.onTime(this.#position);
        if (picture !== null && paused) this.#events.onPicture(this.#position);
    }

    /** @param {{from: number, aim: number, stride: number}} step */
    #lookFurther({ from, aim, stride }) {
        const next = aim + 1.5 * stride;
        this.#onward = aim < this.#total ? { from, aim: next, stride: 1.5 * stride } : null;
        this.#go(from, next);
    }

    #opened() {
        const { duration, videoWidth } = this.#video;
        if (this.#total === 0 && Number.isFinite(duration)) this.#total = Math.floor(duration * 1e6);
        this.#show(videoWidth > 0 ? 'picture' : 'sound');
        if (this.#total > 0) this.#events.onLength(this.#total);
    }

    #broken() {
        if (this.#video.getAttribute('src')) this.#show('none', `${this.#view === 'loading' ? NO_PREVIEW : PREVIEW_ENDED} ${STILL_CUTS}`);
    }

    /** @param {View} view @param {string} [text] */
    #show(view, text = view === 'sound' && this.#hasPicture ? NO_PICTURE : '') {
        this.#view = view;
        this.#events.onView(view, text);
    }
}

/** @param {number} seconds */
function toUs(seconds) {
    return Math.floor(seconds * 1e6 + NOISE_US);
}
