/**
 * Pictures along the timeline, taken by a second, silent player. A nicety: it starts late, works one picture at a time,
 * gives up when the machine is slow, and holds nothing once it is done.
 */

import { atRest } from './atrest.js';

/** @import {Viewport} from './viewport.js' */

const WAIT_MS = 600;
const BUDGET_MS = 10_000;

/** @param {HTMLCanvasElement} canvas */
export function filmstrip(canvas) {
    /** @type {File | null} */
    let file = null;
    /** @type {AbortController} */
    let work = new AbortController();

    function stop() {
        work.abort();
    }

    function clear() {
        stop();
        delete canvas.dataset.filled;
    }

    return {
        stop,
        /** @param {File | null} next null: there is nothing to show */
        use(next) {
            file = next;
            clear();
        },
        /** @param {Viewport} view the part of the file to show */
        draw(view) {
            clear();
            if (!file) return;
            work = new AbortController();
            // Nothing depends on the pictures, so nobody needs to hear why there are none.
            fill(canvas, file, view, work.signal).catch(() => {});
        },
    };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {File} file
 * @param {Viewport} view
 * @param {AbortSignal} signal
 */
async function fill(canvas, file, view, signal) {
    const { start, length } = view;
    await pause(WAIT_MS, signal);
    const video = document.createElement('video');
    const url = URL.createObjectURL(file);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(BUDGET_MS)]);
    try {
        video.muted = true;
        video.preload = 'auto';
        video.src = url;
        await happens(video, 'loadeddata', deadline);
        if (video.videoWidth === 0) return;
        const height = canvas.clientHeight * devicePixelRatio;
        const count = Math.max(1, Math.round((canvas.clientWidth * devicePixelRatio * video.videoHeight) / (height * video.videoWidth)));
        canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
        canvas.height = Math.round(height);
        const context = canvas.getContext('2d');
        for (let i = 0; context && i < count; i += 1) {
            video.currentTime = (start + ((i + 0.5) / count) * length) / 1e6;
            await happens(video, 'seeked', deadline);
            context.drawImage(video, (i * canvas.width) / count, 0, canvas.width / count, canvas.height);
            canvas.dataset.filled = '';
        }
    } finally {
        await atRest(video);
        video.removeAttribute('src');
        video.load();
        URL.revokeObjectURL(url);
    }
}

/** @param {HTMLVideoElement} video @param {string} event @param {AbortSignal} signal */
function happens(video, event, signal) {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        video.addEventListener(event, resolve, { once: true });
        video.addEventListener('error', reject, { once: true });
    });
}

/** @param {number} ms @param {AbortSignal} signal */
function pause(ms, signal) {
    return new Promise((resolve, reject) => {
        setTimeout(resolve, ms);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
}
