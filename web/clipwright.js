/**
 * The public JavaScript API, the same that the page uses.
 *
 *     const app = await Clipwright.start();
 *     const media = await app.open(file);
 *     const result = await app.clip(media, { start: '1:30', end: '2:45', mode: 'lossless', container: 'mp4' });
 *     await result.blob();
 *     await app.close();
 *
 * Every method rejects with a ClipwrightError: `code`, `message`, `hint`, `detail`, `path`. A cancelled call rejects with
 * code `cancelled` and name `AbortError`.
 */

import { startClient } from './client.js';

export { ClipwrightError } from '../wasm-shims/rpc.js';

/**
 * @import {ClipRequest, Media, Plan, Report, TimeReading} from './protocol.gen.js'
 * @import {Options} from './client.js'
 */

/** A finished clip. */
export class Result {
    #file;

    /** @param {Report} report @param {Blob} file */
    constructor(report, file) {
        /** What was done. */
        this.report = report;
        /** The suggested file name. */
        this.name = report.name;
        this.#file = file;
    }

    /** @returns {Promise<Blob>} the clip's bytes, held by the browser, not by the page's memory */
    async blob() {
        return this.#file;
    }
}

/** One running Clipwright: a worker with Python in it and the engines it drives. */
export class Clipwright {
    #client;

    /** @param {ReturnType<typeof startClient>} client */
    constructor(client) {
        this.#client = client;
        /** Resolves with the worker's `ready` message: protocol, version, capabilities and timings. */
        this.ready = client.ready;
    }

    /**
     * Start and wait until requests are answered.
     * @param {{base?: string | URL}} [options] `base`: where the files of `dist/` are served, by default beside this module
     */
    static async start(options) {
        const app = Clipwright.launch(options);
        await app.ready;
        return app;
    }

    /**
     * Start without waiting; requests made before `ready` wait in order.
     * @param {{base?: string | URL}} [options]
     */
    static launch({ base = new URL('./', import.meta.url) } = {}) {
        return new Clipwright(startClient(new URL(base, globalThis.location?.href)));
    }

    /**
     * Look into a file. Nothing is read but its index.
     * @param {File | Blob} file
     * @param {Options & {reader?: 'auto' | 'media' | 'ffmpeg'}} [options] `reader` forces one engine
     * @returns {Promise<Media>}
     */
    open(file, { reader = 'auto', ...options } = {}) {
        return this.#client.open(file, reader, options);
    }

    /**
     * Read a time that a person wrote.
     * @param {string} text
     * @param {{frame_rate?: string | null, duration_us?: number | null}} [facts] needed for timecodes, frames, percentages and negatives
     * @returns {Promise<TimeReading>}
     */
    parseTime(text, facts = {}) {
        return this.#client.parseTime(text, facts);
    }

    /**
     * What would be done; nothing is written.
     * @param {Media} media
     * @param {Partial<ClipRequest>} [request]
     * @param {Options} [options]
     * @returns {Promise<Plan>}
     */
    plan(media, request = {}, options = {}) {
        return this.#client.plan(media, /** @type {ClipRequest} */ (request), options);
    }

    /**
     * Make a clip. One at a time: a second call while one runs rejects with code `resource`.
     * @param {Media} media
     * @param {Partial<ClipRequest>} [request]
     * @param {Options} [options]
     * @returns {Promise<Result>}
     */
    async clip(media, request = {}, options = {}) {
        const { report, file } = await this.#client.clip(media, /** @type {ClipRequest} */ (request), options);
        return new Result(report, file);
    }

    /**
     * Forget an open file.
     * @param {Media} media
     */
    async release(media) {
        await this.#client.release(media);
    }

    /** End everything; whatever runs rejects with code `cancelled`. */
    async close() {
        this.#client.close();
    }
}
