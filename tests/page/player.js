/** Plays a file in the browser's own player and keeps what it showed, and what it sounded like. */

const STUCK_MS = 20_000;
/** A busy machine draws late; a frame that is still the one before after this was shown twice. */
const SETTLED_MS = 3000;
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

/**
 * What a video shows once it shows something new: the player says that it is there a little before it can be drawn.
 *
 * @param {HTMLVideoElement} video
 * @param {CanvasRenderingContext2D} canvas
 * @param {Uint8Array | undefined} before what was shown before
 */
async function settled(video, canvas, before) {
    const until = performance.now() + SETTLED_MS;
    let plane = brightness(video, canvas);
    while (before?.every((value, at) => value === plane[at]) && performance.now() < until) {
        await pause(5);
        plane = brightness(video, canvas);
    }
    return plane;
}

/**
 * Waits for the first picture, whose size a busy browser may tell after it said that the data is there.
 *
 * @param {HTMLVideoElement} video
 * @returns {Promise<string | null>} what is wrong if none came
 */
async function opened(video) {
    await first(video, 'loadeddata', 'error');
    const until = performance.now() + SETTLED_MS;
    while (!video.error && video.videoWidth === 0 && performance.now() < until) await pause(5);
    if (video.videoWidth > 0) return null;
    const { readyState, networkState } = video;
    return dismiss(video) ?? `no picture: readyState ${readyState}, networkState ${networkState}`;
}

/** Lets go of the file; tells the error, if there was one. @param {HTMLVideoElement} video */
function dismiss(video) {
    const { error } = video;
    video.removeAttribute('src');
    video.load();
    video.remove();
    return error && `${error.code}: ${error.message}`;
}

/** Plays to the end and lets go of the file. @param {HTMLVideoElement} video */
async function run(video) {
    const over = first(video, 'ended', 'error');
    // What play() refuses the error event tells, too.
    await video.play().catch(() => {});
    await over;
    const { ended, duration, currentTime } = video;
    const { droppedVideoFrames: dropped, totalVideoFrames: total } = video.getVideoPlaybackQuality();
    const { mozParsedFrames: parsed, mozDecodedFrames: decoded, mozHasAudio: sound } = video;
    return { error: dismiss(video), ended, duration, at: currentTime, dropped, total, parsed, decoded, sound };
}

globalThis.player = {
    /** Whether the browser says that it can play something. @param {string} type with codecs */
    can: (type) => document.createElement('video').canPlayType(type) !== '',

    /**
     * Plays a file without sound, from its first frame to its last.
     *
     * @param {string} address
     * @param {number} rate 1 is normal speed
     */
    play: (address, rate) => run(projector(address, rate)),

    /**
     * Looks at what a file shows at some times, none of which may show what the one before it does.
     *
     * @param {string} address
     * @param {number[]} times in seconds
     * @param {string} kept address to PUT the brightness of what is shown to, one behind the other
     */
    async look(address, times, kept) {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const video = projector(address, 1);
        const wrong = await opened(video);
        if (wrong !== null) return { error: wrong, width: 0, height: 0 };
        /** @type {Uint8Array[]} */
        const planes = [];
        for (const time of times) {
            const arrived = first(video, 'seeked', 'error');
            video.currentTime = time;
            await arrived;
            planes.push(await settled(video, canvas, planes.at(-1)));
        }
        const { videoWidth: width, videoHeight: height } = video;
        const said = dismiss(video);
        await keep(kept, new Blob(planes));
        return { error: said, width, height };
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
