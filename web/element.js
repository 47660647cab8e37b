/**
 * A compact clipper as an element of any page:
 *
 *     <script type="module" src="clipwright/element.js"></script>
 *     <clip-wright src="talk.mp4" start="1:30" end="2:45" mode="smart"></clip-wright>
 *
 * Attributes and properties: `src`, `start`, `end`, `mode`, `accept`, `theme`, `lang`. Events, none of which bubble: `ready`,
 * `change`, `progress`, `complete`, `error`. How to style, host and allow it: EMBEDDING.md.
 */

import { ClipwrightError } from '../wasm-shims/rpc.js';
import { Clipper } from './element/clipper.js';
import { saveClip } from './element/saving.js';
import { addWords } from './element/words.js';
import { Result } from './results.js';

export { addWords, ClipwrightError, Result };

/**
 * @import {ClipRequest, Media, Mode, Progress, Ready} from './protocol.gen.js'
 * @import {Options} from './client.js'
 * @typedef {'auto' | 'light' | 'dark'} Theme none: as the page around it
 * @typedef {{start: string, end: string, start_us: number, end_us: number, mode: Mode}} Change what would be clipped now
 * @typedef {{ready: Ready, change: Change, progress: Progress, complete: Result, error: ClipwrightError}} ClipWrightEvents what
 *   `event.detail` holds
 * @typedef {Partial<ClipRequest> & Pick<Options, 'signal' | 'onProgress'>} ClipOptions
 */

const MODES = ['auto', 'lossless', 'smart', 'exact'];
const PROPERTIES = /** @type {const} */ (['src', 'start', 'end', 'mode', 'accept', 'theme']);

/** `<clip-wright>` */
export class ClipWrightElement extends HTMLElement {
    static observedAttributes = ['src', 'start', 'end', 'mode', 'accept', 'lang'];

    #clipper;
    /** Attributes that the person at the element changes are not read back. */
    #writing = false;
    /** @type {(ready: Ready) => void} */
    #started = () => {};
    /** @type {(error: ClipwrightError) => void} */
    #failed = () => {};

    constructor() {
        super();
        /** Resolves once requests are answered; open and clip may be called before. @type {Promise<Ready>} */
        this.ready = new Promise((resolve, reject) => {
            this.#started = resolve;
            this.#failed = reject;
        });
        // Who does not wait for it hears of a failed start by the event.
        this.ready.catch(told);
        this.#clipper = new Clipper(this.attachShadow({ mode: 'open' }), {
            read: () => ({ start: this.start, end: this.end, mode: this.mode, accept: this.accept }),
            write: (name, value) => this.#write(name, value),
            tell: (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail })),
        });
    }

    connectedCallback() {
        for (const name of PROPERTIES) this.#upgrade(name);
        this.#clipper.attach().then(this.#started, (error) => {
            // It was taken away before, and may come back.
            if (error.code !== 'cancelled') this.#failed(error);
        });
        this.#clipper.speak(this.#language);
        if (this.src && this.state === 'empty') this.open(this.src).catch(told);
    }

    disconnectedCallback() {
        // An element that is moved is back by then.
        queueMicrotask(() => {
            if (!this.isConnected) this.#clipper.detach();
        });
    }

    /** @param {string} name @param {string | null} before @param {string | null} value */
    attributeChangedCallback(name, before, value) {
        if (this.#writing || before === value) return;
        if (name === 'lang') this.#clipper.speak(this.#language);
        else if (name === 'src') this.#sourceChanged(value);
        else this.#clipper.changed(/** @type {'start' | 'end' | 'mode' | 'accept'} */ (name));
    }

    /** An address to open: of this site, or of one that lets this page read it. */
    get src() {
        return this.getAttribute('src') ?? '';
    }

    set src(address) {
        this.#reflect('src', address);
    }

    /** Where the clip begins, in any notation; empty: at the beginning. Follows what the person sets. */
    get start() {
        return this.getAttribute('start') ?? '';
    }

    set start(time) {
        this.#reflect('start', time);
    }

    /** Where the clip ends: the first moment that is left out; empty: the end of the file. Follows what the person sets. */
    get end() {
        return this.getAttribute('end') ?? '';
    }

    set end(time) {
        this.#reflect('end', time);
    }

    /** How to cut. @returns {Mode} `auto` for whatever is not known */
    get mode() {
        const mode = this.getAttribute('mode') ?? '';
        return /** @type {Mode} */ (MODES.includes(mode) ? mode : 'auto');
    }

    set mode(mode) {
        this.#reflect('mode', mode);
    }

    /** What may be chosen or dropped, as in `<input type="file" accept>`; empty: video and sound. */
    get accept() {
        return this.getAttribute('accept') ?? '';
    }

    set accept(kinds) {
        this.#reflect('accept', kinds);
    }

    /** @returns {Theme | ''} empty: as the page around it */
    get theme() {
        return /** @type {Theme | ''} */ (this.getAttribute('theme') ?? '');
    }

    set theme(theme) {
        this.#reflect('theme', theme);
    }

    /** `empty`, `opening`, `open`, `working` or `done`. */
    get state() {
        return this.#clipper.state;
    }

    /** What is open. @returns {Media | null} */
    get media() {
        return this.#clipper.media;
    }

    /** The last clip that was made of it. @returns {Result | null} */
    get result() {
        return this.#clipper.result;
    }

    /**
     * Open a file, or fetch one.
     * @param {File | Blob | string | URL} source
     * @returns {Promise<Media>}
     */
    async open(source) {
        return this.#clipper.open(source);
    }

    /**
     * Make the clip that is marked; `options` override what is set. It waits for a file that is being opened, and for the
     * clips of other elements.
     * @param {ClipOptions} [options]
     * @returns {Promise<Result>} also told by `complete`; rejects with a ClipwrightError, which `error` tells too unless it was
     *   cancelled or could not be begun (no file, another clip being made)
     */
    async clip(options = {}) {
        return this.#clipper.clip(options);
    }

    /** Play what is marked, from the playhead where it is inside. */
    async play() {
        if (this.media) await this.#clipper.stage.play();
    }

    pause() {
        this.#clipper.stage.pause();
    }

    /** Stop the clip that is being made. */
    cancel() {
        this.#clipper.cancel();
    }

    /** Hand the finished clip to the browser's downloads; nothing where there is none. */
    async save() {
        if (this.result) await saveClip(this.result);
    }

    /** Close the file. */
    close() {
        this.#clipper.close();
    }

    get #language() {
        /** @type {Element | null} */
        let at = this;
        while (at) {
            const language = at.closest('[lang]')?.getAttribute('lang');
            if (language) return language;
            const root = at.getRootNode();
            at = root instanceof ShadowRoot ? root.host : null;
        }
        return 'en';
    }

    /** @param {string | null} address */
    #sourceChanged(address) {
        // An element that is just coming into the page reads it when it is there.
        if (!this.#clipper.isAttached) return;
        if (address) this.open(address).catch(told);
        else this.close();
    }

    /**
     * A page may have set a property before this module was there; that value hides the element's own.
     * @param {typeof PROPERTIES[number]} name
     */
    #upgrade(name) {
        if (!Object.hasOwn(this, name)) return;
        const value = this[name];
        delete this[name];
        Object.assign(this, { [name]: value });
    }

    /** @param {string} name @param {string | null | undefined} value */
    #reflect(name, value) {
        if (value === null || value === undefined || value === '') this.removeAttribute(name);
        else this.setAttribute(name, value);
    }

    /** @param {string} name @param {string | null} value */
    #write(name, value) {
        this.#writing = true;
        this.#reflect(name, value);
        this.#writing = false;
    }
}

/** What a page did not ask for it hears of by events. */
function told() {}

// A page may hold two copies of the site; the first one counts.
if (!customElements.get('clip-wright')) customElements.define('clip-wright', ClipWrightElement);
