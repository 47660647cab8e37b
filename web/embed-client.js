/**
 * The clipper in a frame of another origin, with the element's own methods and events:
 *
 *     import { embed } from './embed-client.js';
 *     const clipper = embed(document.querySelector('#clipper'), { url: 'https://clips.example/embed.html', mode: 'smart' });
 *     clipper.addEventListener('complete', ({ detail }) => console.log(detail.name));
 *     await clipper.open(file);
 *
 * Copy this file to the page's own site: it needs none of the others. The host of the frame lists the page's origin in
 * its embed.json.
 */

import { ClipwrightError, connect, fromWire } from '../wasm-shims/rpc.js';
import { saveClip } from './element/saving.js';
import { asFile } from './element/source.js';

export { ClipwrightError };

/**
 * @import {ClipRequest, Media, Mode, Report} from './protocol.gen.js'
 * @import {Options} from './client.js'
 * @import {Theme} from './element.js'
 * @typedef {{start?: string, end?: string, mode?: Mode, accept?: string, theme?: Theme | '', lang?: string}} Settings as the
 *   element's attributes
 * @typedef {Settings & {url?: string | URL, title?: string}} EmbedOptions `url`: of the frame, by default beside this module;
 *   `title`: of the frame, for screen readers
 * @typedef {{report: Report, name: string, blob: () => Promise<Blob>}} Clip
 * @typedef {Partial<ClipRequest> & Pick<Options, 'signal' | 'onProgress'>} ClipOptions
 */

/** The frame answers at once when it has loaded. */
const PATIENCE_MS = 15_000;
const FORWARDED = ['ready', 'change', 'progress'];

/**
 * @param {Element} place to put the frame in
 * @param {EmbedOptions} [options]
 */
export function embed(place, options) {
    const clipper = new EmbeddedClipper(options);
    place.append(clipper.frame);
    return clipper;
}

/** A frame and what it can do. Events: `ready`, `change`, `progress`, `complete`, `error`. */
export class EmbeddedClipper extends EventTarget {
    #origin;
    /** @type {Settings} */
    #settings;
    /** @type {ReturnType<typeof connect> | null} */
    #rpc = null;
    #answer = expectation();
    /** @type {Clip | null} */
    #result = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #patience;

    /** @param {EmbedOptions} [options] */
    constructor({ url = new URL('embed.html', import.meta.url), title = 'Clipwright', ...settings } = {}) {
        super();
        const address = new URL(url, document.baseURI);
        this.#origin = address.origin;
        this.#settings = settings;
        /** The frame; its height follows what is in it. */
        this.frame = document.createElement('iframe');
        this.frame.title = title;
        this.frame.width = '100%';
        this.frame.height = '320';
        this.frame.addEventListener('load', () => this.#greet());
        this.frame.src = address.href;
    }

    /** The last clip that was made. */
    get result() {
        return this.#result;
    }

    /** What is set now; `start` and `end` follow what the person sets. */
    get settings() {
        return { ...this.#settings };
    }

    /**
     * Change settings; null takes one back.
     * @param {{[K in keyof Settings]: Settings[K] | null}} settings
     */
    async set(settings) {
        for (const [name, value] of Object.entries(settings)) {
            await this.#ask('set', { name, value: value ?? null });
            if (value === null || value === undefined) delete (/** @type {any} */ (this.#settings)[name]);
            else Object.assign(this.#settings, { [name]: value });
        }
    }

    /**
     * Open a file. The frame fetches nothing for its parent: what lies at an address is fetched here.
     * @param {File | Blob | string | URL} source
     * @returns {Promise<Media>}
     */
    async open(source) {
        return this.#ask('open', { file: await asFile(source) });
    }

    /**
     * Make the clip that is marked; `options` override what is set.
     * @param {ClipOptions} [options]
     * @returns {Promise<Clip>}
     */
    async clip({ signal, onProgress, ...options } = {}) {
        return asClip(await this.#ask('clip', { options }, { signal, onProgress }));
    }

    async play() {
        await this.#ask('play');
    }

    async pause() {
        await this.#ask('pause');
    }

    /** Stop the clip that is being made. */
    async cancel() {
        await this.#ask('cancel');
    }

    /** Hand the finished clip to the browser's downloads; nothing where there is none. */
    async save() {
        if (this.#result) await saveClip(this.#result);
    }

    /** Close the file. */
    async close() {
        await this.#ask('close');
    }

    /** Take the frame away; whatever runs rejects with code `cancelled`. */
    remove() {
        this.#end(new ClipwrightError('cancelled', 'The frame was removed.'));
        this.frame.remove();
    }

    /**
     * @param {string} op
     * @param {any} [args]
     * @param {Pick<Options, 'signal' | 'onProgress'>} [options]
     */
    async #ask(op, args = {}, options = {}) {
        return (await this.#answer.promise).request(op, args, options);
    }

    /** The frame has loaded, for the first time or anew: it gets a port that nobody else has. */
    #greet() {
        if (this.#rpc) {
            this.#end(new ClipwrightError('cancelled', 'The frame was loaded anew.'));
            this.#answer = expectation();
        }
        const { port1, port2 } = new MessageChannel();
        this.#rpc = connect(port1, { onEvent: (event, value) => this.#heard(event, value) });
        this.frame.contentWindow?.postMessage({ clipwright: 'connect' }, this.#origin, [port2]);
        clearTimeout(this.#patience);
        this.#patience = setTimeout(() => {
            this.#end(new ClipwrightError('resource', 'The frame does not answer.', { hint: `Is there an embed.html of Clipwright at ${this.#origin}?` }));
        }, PATIENCE_MS);
    }

    /** @param {string} event @param {any} value */
    #heard(event, value) {
        if (event === 'connected') {
            clearTimeout(this.#patience);
            // First of all it is set up; a setting that there is not is told.
            for (const [name, set] of Object.entries(this.#settings)) this.#rpc?.request('set', { name, value: set }).catch((error) => this.#tell('error', error));
            this.#answer.resolve(this.#rpc);
        }
        if (event === 'refused') this.#end(fromWire(value));
        if (event === 'resize' && Number.isFinite(value?.height)) this.frame.height = String(Math.min(4000, Math.max(80, value.height)));
        if (event === 'change') Object.assign(this.#settings, { start: value.start, end: value.end, mode: value.mode });
        if (FORWARDED.includes(event)) this.#tell(event, value);
        if (event === 'error') this.#tell(event, fromWire(value));
        if (event === 'complete') this.#tell(event, (this.#result = asClip(value)));
    }

    /** @param {ClipwrightError} error */
    #end(error) {
        clearTimeout(this.#patience);
        this.#answer.reject(error);
        this.#rpc?.fail(error);
        if (error.code !== 'cancelled') this.#tell('error', error);
    }

    /** @param {string} type @param {any} detail */
    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

/**
 * An answer that is yet to come; nobody may wait for it.
 * @returns {{promise: Promise<ReturnType<typeof connect>>, resolve: (rpc: any) => void, reject: (error: ClipwrightError) => void}}
 */
function expectation() {
    /** @type {any} */
    const answer = {};
    answer.promise = new Promise((resolve, reject) => Object.assign(answer, { resolve, reject }));
    answer.promise.catch(() => {});
    return answer;
}

/** @param {{report: Report, file: Blob}} made @returns {Clip} */
function asClip({ report, file }) {
    return { report, name: report.name, blob: async () => file };
}
