/** Plays a file in the browser's own player and keeps what it showed, and what it sounded like. */

const STUCK_MS = 20_000;
/** The last frame may be painted a little after the player says that it has come to the end. */
const LAST_MS = 100;
const RATE = 48_000;

/** @param {EventTarget} target @param {string[]} types @returns {Promise<unknown>} */
function first(target, ...types) {
    const each = types.map((type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true })));
    return Promise.race([...each, pause(STUCK_MS)]);
}

/** @param {number} ms */
function pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The brightness of what a video shows, a byte a pixel. @param {HTMLVideoElement} video @param {CanvasRenderingContext2D} canvas */
function brightness(video, canvas) {
    const { videoWidth: width, videoHeight: height } = video;
    if (canvas.canvas.width !== width) Object.assign(canvas.canvas, { width, height });
    canvas.drawImage(video, 0, 0, width, height);
    const { data } = canvas.getImageData(0, 0, width, height);
    const plane = new Uint8Array(width * height);
    for (let at = 0; at < plane.length; at++) {
        plane[at] = Math.round(0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
    }
    return plane;
}

/** @param {string} address @param {BodyInit} body */
async function keep(address, body) {
    const answer = await fetch(address, { method: 'PUT', body });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
}

/** @param {string} address @param {number} rate */
function projector(address, rate) {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, defaultPlaybackRate: rate, src: address });
    document.body.append(video);
    return video;
}

/** Plays to the end and lets go of the file. @param {HTMLVideoElement} video */
async function run(video) {
    const over = first(video, 'ended', 'error');
    // What play() refuses the error event tells, too.
    await video.play().catch(() => {});
    await over;
    await pause(LAST_MS);
    const { error, ended, duration, currentTime, videoWidth: width, videoHeight: height } = video;
    const { droppedVideoFrames: dropped, totalVideoFrames: total } = video.getVideoPlaybackQuality();
    const { mozParsedFrames: parsed, mozDecodedFrames: decoded, mozHasAudio: sound } = video;
    video.removeAttribute('src');
    video.load();
    video.remove();
    const said = error && `${error.code}: ${error.message}`;
    return { error: said, ended, duration, at: currentTime, width, height, dropped, total, parsed, decoded, sound };
}

globalThis.player = {
    /** Whether the browser says that it can play something. @param {string} type with codecs */
    can: (type) => document.createElement('video').canPlayType(type) !== '',

    /**
     * Plays a file without sound, from its first frame to its last.
     *
     * @param {string} address
     * @param {number} rate 1 is normal speed
     * @param {string} kept address to PUT the brightness of all frames to, one behind the other
     */
    async play(address, rate, kept) {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        /** @type {Uint8Array[]} */
        const planes = [];
        /** @type {{at: number, counted: number}[]} when, in seconds, and how many frames were shown up to then */
        const frames = [];
        const video = projector(address, rate);
        /** @type {VideoFrameRequestCallback} */
        const look = (_, told) => {
            planes.push(brightness(video, canvas));
            frames.push({ at: told.mediaTime, counted: told.presentedFrames });
            video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
        const told = await run(video);
        await keep(kept, new Blob(planes));
        return { ...told, frames };
    },

    /**
     * Records picture and sound of a file as they are played.
     *
     * @param {string} address
     * @param {string} kept address to PUT the recording to
     */
    async record(address, kept) {
        const video = projector(address, 1);
        await first(video, 'loadeddata', 'error');
        video.muted = false;
        const recorder = new MediaRecorder(video.mozCaptureStream(), { mimeType: 'video/webm;codecs=vp8,opus' });
        /** @type {Blob[]} */
        const parts = [];
        recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
        const stopped = first(recorder, 'stop', 'error');
        recorder.start();
        const told = await run(video);
        await stopped;
        await keep(kept, new Blob(parts));
        return told;
    },

    /**
     * Decodes the sound of a file.
     *
     * @param {string} address
     * @param {string} kept address to PUT its first channel to, as raw 32 bit floats
     */
    async listen(address, kept) {
        const file = await (await fetch(address)).arrayBuffer();
        const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(file);
        await keep(kept, sound.getChannelData(0));
        return { rate: sound.sampleRate, channels: sound.numberOfChannels };
    },
};
