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
        this.#stopAt = null;
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

    /**
     * @param {number} us
     * @param {number} [inside] how far into the frame to aim; half a microsecond keeps rounding from finding the one before
     */
    seek(us, inside = 0.5) {
        this.#stopAt = null;
        this.#position = Math.round(Math.min(this.#total, Math.max(0, us)));
        this.#pictures.forget();
        if (this.#canPlay) this.#video.currentTime = (this.#position + (this.#position < this.#total ? inside : 0)) / 1e6;
        this.#events.onTime(this.#position);
    }

    /**
     * One frame on or back; aims at the neighbour's middle, where no rounding can miss it.
     * @param {-1 | 1} direction
     * @param {number} frameUs
     */
    step(direction, frameUs) {
        this.pause();
        this.seek(this.#position + direction * frameUs, frameUs / 2);
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
        if (ended) this.#position = this.#total;
        else if (picture !== null) this.#position = toUs(picture);
        else if (!paused) this.#position = toUs(currentTime);
        this.#position = Math.min(this.#total, this.#position);
        this.#events.onTime(this.#position);
        if (picture !== null && paused) this.#events.onPicture(this.#position);
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
