/**
 * The public JavaScript API, the same that the page uses.
 *
 *     const app = await Clipwright.start();
 *     const media = await app.open(file);
 *     const result = await app.clip(media, { start: '1:30', end: '2:45', mode: 'lossless', container: 'mp4' });
 *     await result.blob();
 *     const cut = await app.cut(media, { segments: [{ start: 10, end: 20 }, { start: '1:30', end: '2:45' }] });
 *     await cut.zip();
 *     await cut.release(); // once it is saved: the archive refers to the results
 *     await app.close();
 *
 * Every method rejects with a ClipwrightError: `code`, `message`, `hint`, `detail`, `path`. A cancelled call rejects with
 * code `cancelled` and name `AbortError`.
 */

import { startClient } from './client.js';
import { Cut, Result } from './results.js';

export { ClipwrightError } from '../wasm-shims/rpc.js';
export { Cut, Result };

/**
 * @import {ClipRequest, CutPlan, CutRequest, Document, EffectsInfo, Export, Media, Plan, Project, Rendering, RenderReport, Requests, Segment, SegmentRequest, Source, TimeReading} from './protocol.gen.js'
 * @import {Options} from './client.js'
 * @typedef {Partial<SegmentRequest> | Segment} AnySegment times as a person writes them, or as `segments` gives them
 * @typedef {{[Field in keyof Document]?: any}} DocumentWish a document, of which what is as usual may be left out
 * @typedef {Partial<Omit<CutRequest, 'segments'>> & {segments?: AnySegment[]}} CutWish
 */

/** One running Clipwright: a worker with Python in it and the engines it drives. */
export class Clipwright {
    #client;
    /** What is open, by its id: projects name it so. @type {Map<string, Media | Source>} */
    #opened = new Map();

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
     * @param {{base?: string | URL, interpreter?: Promise<WebAssembly.Module>}} [options] `interpreter`: Pyodide's WebAssembly, which the
     *   site's own page compiles while the worker starts
     */
    static launch({ base = new URL('./', import.meta.url), interpreter } = {}) {
        // WebKitGTK dies when workers are the first that ask it about codecs, several at once.
        globalThis.document?.createElement('video').canPlayType('video/mp4');
        return new Clipwright(startClient(new URL(base, globalThis.location?.href), interpreter));
    }

    /**
     * Look into a file. Nothing is read but its index.
     * @param {File | Blob} file
     * @param {Options & {reader?: 'auto' | 'media' | 'ffmpeg', stills?: boolean}} [options] `reader` forces one engine; `stills`: it may
     *   be a picture, for projects
     * @returns {Promise<Media>}
     */
    async open(file, { reader = 'auto', stills = false, ...options } = {}) {
        const media = await this.#client.open(file, { reader, stills }, options);
        this.#opened.set(media.source.id, media);
        return media;
    }

    /**
     * Keep a file that is no media, for projects: a table of colours, subtitles.
     * @param {File | Blob} file
     * @param {Options} [options]
     * @returns {Promise<Source>}
     */
    async attach(file, options = {}) {
        const source = await this.#client.attach(file, options);
        this.#opened.set(source.id, source);
        return source;
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
     * What effects and transitions there are: with ranges, units, defaults and hints, as JSON Schema.
     * @param {string | null} [name] only those called so; rejects with code `bad_request` and the nearest names where there are none
     * @returns {Promise<EffectsInfo>}
     */
    effects(name = null) {
        return this.#client.effects(name);
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
        const { file, ...result } = await this.#client.clip(media, /** @type {ClipRequest} */ (request), options);
        return new Result(result, file, this.#client.forget);
    }

    /**
     * What several segments, of one file or of several, would come to; nothing is written.
     * @param {Media | Media[]} media a segment's `source` counts them from 0
     * @param {CutWish} [request]
     * @param {Options} [options]
     * @returns {Promise<CutPlan>}
     */
    planCut(media, request = {}, options = {}) {
        return this.#client.planCut([media].flat(), asRequest(request), options);
    }

    /**
     * Cut several segments out, or join them. One at a time, as `clip`.
     * @param {Media | Media[]} media a segment's `source` counts them from 0
     * @param {CutWish} [request]
     * @param {Options} [options]
     * @returns {Promise<Cut>}
     */
    async cut(media, request = {}, options = {}) {
        return new Cut(await this.#client.cut([media].flat(), asRequest(request), options), this.#client.forget);
    }

    /**
     * Check a list of segments, or change it: `invert`, `shift` by a time, `align` to key frames, `split` at a time, divide
     * into parts of a `length`, a `count` or a `size` in bytes.
     * @param {Media} media
     * @param {AnySegment[]} segments
     * @param {Requests['segments']['action']} [action]
     * @param {string | number | null} [value] what the action needs
     * @param {Options} [options]
     * @returns {Promise<Segment[]>} in order of time; every list that this API takes may hold them
     */
    async segments(media, segments, action = 'check', value = null, options = {}) {
        const reply = await this.#client.segments({ media, segments: segments.map(asSegment), action, value }, options);
        return reply.segments;
    }

    /**
     * Read a list of segments: JSON, or lines of `start,end,label`.
     * @param {Media} media
     * @param {string} text
     * @param {Options} [options]
     * @returns {Promise<Segment[]>} in the order of the list
     */
    async readSegments(media, text, options = {}) {
        return (await this.#client.readSegments(media, text, options)).segments;
    }

    /**
     * Make one edit of a project. Nothing is kept here: a list of documents is an undo history.
     * @param {DocumentWish} document
     * @param {Requests['apply']['action']} action
     * @param {Options} [options]
     * @returns {Promise<Document>} the document after it, which is valid
     */
    apply(document, action, options = {}) {
        return this.#client.apply(/** @type {Document} */ (document), action, options);
    }

    /**
     * Read a project that was stored as JSON, by this version or an older one. `detail` of an error lists all faults.
     * @param {string} text
     * @param {Options} [options]
     * @returns {Promise<Document>}
     */
    readProject(text, options = {}) {
        return this.#client.readProject(text, options);
    }

    /**
     * How a project would be rendered; nothing is written. The `media` of each of its sources is the id of a file that was opened here:
     * `(await app.open(file)).source.id`.
     * @param {DocumentWish} document
     * @param {Options & Partial<Export>} [options] a preset's name and what replaces parts of it
     * @returns {Promise<Rendering>}
     */
    planRender(document, { signal, onProgress, onMade, ...wish } = {}) {
        return this.#client.planRender(this.#project(document), /** @type {Export} */ (wish), { signal, onProgress, onMade });
    }

    /**
     * Render a project. One at a time, as `clip`.
     * @param {DocumentWish} document as `planRender` takes it
     * @param {Options & Partial<Export>} [options]
     * @returns {Promise<Result<RenderReport>>}
     */
    async render(document, { signal, onProgress, onMade, ...wish } = {}) {
        const options = { signal, onProgress, onMade };
        const { file, ...result } = await this.#client.render(this.#project(document), /** @type {Export} */ (wish), options);
        return new Result(result, file, this.#client.forget);
    }

    /** @param {DocumentWish} document @returns {Project} */
    #project(document) {
        /** @type {Media[]} */
        const media = [];
        /** @type {Source[]} */
        const extras = [];
        for (const id of new Set((document.sources ?? []).map((/** @type {{media?: string}} */ { media: id }) => id))) {
            const one = this.#opened.get(id ?? '');
            if (one && 'source' in one) media.push(one);
            else if (one) extras.push(one);
        }
        return { document: /** @type {Document} */ (document), media, extras };
    }

    /**
     * Forget an open file.
     * @param {Media | Source} file
     */
    async release(file) {
        const source = 'source' in file ? file.source : file;
        this.#opened.delete(source.id);
        await this.#client.release(source);
    }

    /** End everything; whatever runs rejects with code `cancelled`. */
    async close() {
        this.#client.close();
    }
}

/**
 * @param {CutWish} wish
 * @returns {CutRequest}
 */
function asRequest({ segments, ...rest }) {
    return /** @type {CutRequest} */ (segments ? { ...rest, segments: segments.map(asSegment) } : rest);
}

/**
 * Microseconds as the seconds of a request; both sides write such a number with all its digits.
 * @param {AnySegment} segment
 * @returns {SegmentRequest}
 */
function asSegment(segment) {
    if (!('start_us' in segment)) return /** @type {SegmentRequest} */ (segment);
    const { start_us, end_us, ...rest } = segment;
    return /** @type {SegmentRequest} */ ({ ...rest, start: start_us / 1e6, end: end_us / 1e6 });
}
