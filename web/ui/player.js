/**
 * The preview. Its position is kept in whole microseconds and, while a picture shows, is that picture's own time: floored,
 * it names the frame on screen. Where the browser cannot play the file the position still moves, by hand.
 */

import { find, setIcon } from './dom.js';

/**
 * @typedef {'loading' | 'picture' | 'sound' | 'none'} View
 * @typedef {{
 *     onTime: (us: number) => void,
 *     onLength: (us: number) => void,
 *     onPicture: (us: number) => void,
 *     onPlay: () => void,
 * }} Events `onLength` brings the browser's own estimate, `onPicture` the time of a picture that stands still on screen
 */

/** A picture older than this is no longer what the position means: the pictures have ended, the sound has not. */
const STALE_S = 1;

/** Undoes what binary fractions do to whole microseconds. */
const NOISE_US = 0.01;

/**
 * @param {HTMLElement} root
 * @param {Events} events
 */
export function player(root, events) {
    const video = find(root, '#video', HTMLVideoElement);
    const note = find(root, '#cover-text', HTMLElement);
    const playIcon = find(document, '#play-icon', SVGUseElement);
    const playButton = find(document, '#play', HTMLButtonElement);
    const rangeButton = find(document, '#play-range', HTMLButtonElement);
    const coverIcon = find(root, '#cover-icon', SVGUseElement);
    const muteIcon = find(document, '#mute-icon', SVGUseElement);
    const muteButton = find(document, '#mute', HTMLButtonElement);
    let url = '';
    let total = 0;
    let position = 0;
    /** @type {number | null} */
    let pictureTime = null;
    /** @type {number | null} */
    let stopAt = null;

    /** @param {View} view @param {string} [text] */
    function show(view, text = '') {
        root.dataset.view = view;
        note.textContent = text;
        setIcon(coverIcon, view === 'none' ? 'info' : 'wave');
        playButton.disabled = rangeButton.disabled = view === 'none';
    }

    /** The time of the picture on screen, where it is known and is what the position means. */
    function shownPicture() {
        if (pictureTime === null || video.seeking || video.ended) return null;
        // While playing, the picture may be a little ahead of the clock.
        const late = video.currentTime - pictureTime;
        return late < STALE_S && late > (video.paused ? -1e-3 : -STALE_S) ? pictureTime : null;
    }

    function update() {
        const picture = shownPicture();
        position = video.ended ? total : Math.min(total, toUs(picture ?? video.currentTime));
        if (stopAt !== null && toUs(video.currentTime) >= stopAt) {
            const target = stopAt;
            video.pause();
            seek(target);
            return;
        }
        events.onTime(position);
        if (picture !== null && video.paused) events.onPicture(position);
    }

    /**
     * @param {number} us
     * @param {number} [inside] how far into the frame to aim; half a microsecond keeps rounding from finding the one before
     */
    function seek(us, inside = 0.5) {
        stopAt = null;
        position = Math.round(Math.min(total, Math.max(0, us)));
        pictureTime = null;
        if (canPlay()) video.currentTime = (position + (position < total ? inside : 0)) / 1e6;
        events.onTime(position);
    }

    function canPlay() {
        return video.readyState >= HTMLMediaElement.HAVE_METADATA;
    }

    function watchPictures() {
        if (!('requestVideoFrameCallback' in video)) return;
        video.requestVideoFrameCallback((_now, frame) => {
            pictureTime = frame.mediaTime;
            if (!video.seeking) update();
            watchPictures();
        });
    }

    function tick() {
        if (video.paused) return;
        update();
        requestAnimationFrame(tick);
    }

    function drawPlaying() {
        setIcon(playIcon, video.paused ? 'play' : 'pause');
        playButton.setAttribute('aria-label', video.paused ? 'Play' : 'Pause');
    }

    video.addEventListener('loadedmetadata', () => {
        if (Number.isFinite(video.duration) && total === 0) total = Math.floor(video.duration * 1e6);
        show(video.videoWidth > 0 ? 'picture' : 'sound');
        if (total > 0) events.onLength(total);
    });
    video.addEventListener('error', () => {
        if (video.getAttribute('src')) show('none', 'This browser cannot play this format, so there is no preview. Cutting works all the same: type the times below.');
    });
    video.addEventListener('play', () => {
        drawPlaying();
        events.onPlay();
        tick();
    });
    video.addEventListener('pause', drawPlaying);
    video.addEventListener('seeked', update);
    video.addEventListener('ended', update);
    video.addEventListener('click', () => toggle());
    watchPictures();

    async function toggle() {
        if (!canPlay()) return;
        stopAt = null;
        if (!video.paused) return video.pause();
        if (position >= total) seek(0);
        await start();
    }

    async function start() {
        // Rejects when a pause overtakes it, which is no error.
        await video.play().catch(() => {});
    }

    return {
        get position() {
            return position;
        },
        toggle,
        /** @param {number} us */
        seek: (us) => seek(us),
        /** @param {File} file */
        load(file) {
            this.unload();
            url = URL.createObjectURL(file);
            show('loading');
            video.src = url;
        },
        unload() {
            video.pause();
            stopAt = null;
            pictureTime = null;
            total = 0;
            position = 0;
            video.removeAttribute('src');
            video.load();
            if (url) URL.revokeObjectURL(url);
            url = '';
        },
        /**
         * What is really in the file, once it is known.
         * @param {{total: number, hasPicture: boolean}} facts `total` in µs
         */
        describe(facts) {
            total = facts.total;
            if (facts.hasPicture && root.dataset.view === 'sound') {
                show('sound', 'This browser plays the sound but cannot show these pictures. Cutting works all the same, and the clip keeps them.');
            }
        },
        /**
         * One frame on or back; aims at the neighbour's middle, where no rounding can miss it.
         * @param {-1 | 1} direction
         * @param {number} frameUs
         */
        step(direction, frameUs) {
            video.pause();
            seek(position + direction * frameUs, frameUs / 2);
        },
        /** @param {number} from @param {number} to µs */
        async playRange(from, to) {
            if (!canPlay()) return;
            seek(from);
            stopAt = to < total ? to : null;
            await start();
        },
        toggleMute() {
            video.muted = !video.muted;
            muteButton.setAttribute('aria-pressed', String(video.muted));
            setIcon(muteIcon, video.muted ? 'muted' : 'sound');
        },
        pause() {
            video.pause();
        },
    };
}

/** @param {number} seconds */
function toUs(seconds) {
    return Math.floor(seconds * 1e6 + NOISE_US);
}
