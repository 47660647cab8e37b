/** Which picture of a video is on screen: its own time, not the time that was sought. */

/** A picture older than this is no longer what the clock means: the pictures have ended, the sound has not. */
const STALE_S = 2;
/** After a seek a picture has this long to be overtaken by the right one. */
const DOUBT_MS = 80;
/** Binary fractions of a second. */
const NOISE_S = 1e-4;
/** Of so many seeks a picture may still come; nobody seeks faster for longer. */
const MANY = 16;

export class Pictures {
    /** How long a frame is, as far as anybody knows. */
    frameUs = 40_000;
    #video;
    #onPicture;
    /** @type {number | null} */
    #time = null;
    /** @type {number | null} */
    #doubtful = null;
    /** @type {number[]} where was sought, or played, before: pictures of there may still come */
    #earlier = [];

    /**
     * @param {HTMLVideoElement} video
     * @param {() => void} onPicture another one shows, and no seek is on its way
     */
    constructor(video, onPicture) {
        this.#video = video;
        this.#onPicture = onPicture;
        this.#watch();
        video.addEventListener('seeked', () => setTimeout(() => {
            if (this.#doubtful !== null && !video.seeking) this.#take(this.#doubtful);
        }, DOUBT_MS));
    }

    /** The time in seconds of the picture on screen; null where it is not known, or is not what the clock means. */
    get shown() {
        const { currentTime, paused, seeking } = this.#video;
        if (this.#time === null || seeking) return null;
        const age = currentTime - this.#time;
        // While playing, the picture may be a little ahead of the clock.
        return age < STALE_S && age > (paused ? -NOISE_S : -STALE_S) ? this.#time : null;
    }

    /** What showed so far does not count any more: another place is about to be sought. */
    forget() {
        // Once a picture has come, none comes of what was sought before it.
        const owed = this.#time === null ? this.#earlier.slice(1 - MANY) : [];
        this.#earlier = [...owed, this.#video.currentTime];
        this.#time = this.#doubtful = null;
    }

    #watch() {
        // Browsers without this callback go by the clock alone.
        this.#video.requestVideoFrameCallback?.((_now, { mediaTime }) => {
            this.#doubtful = null;
            if (!this.#video.seeking) this.#take(mediaTime);
            else if (this.#isSought(mediaTime)) this.#time = mediaTime;
            else this.#doubtful = mediaTime;
            this.#watch();
        });
    }

    /** @param {number} time */
    #take(time) {
        this.#time = time;
        this.#doubtful = null;
        this.#onPicture();
    }

    /**
     * Whether a picture that comes during a seek belongs to it. One that is further off, or that shows earlier on the way here
     * too, may still be that of the seek before, or a very long frame; which, shows when no other follows.
     * @param {number} time
     */
    #isSought(time) {
        const { currentTime } = this.#video;
        const age = currentTime - time;
        if (age < -NOISE_S || age > (1.25 * this.frameUs) / 1e6) return false;
        return !this.#earlier.some((place) => place > time - NOISE_S && place < currentTime - NOISE_S);
    }
}
