/** What the element does: a file is opened, marked and clipped. One at a time; what comes late is dropped. */

import { cancelled, ClipwrightError, fromWire, toWire } from '../../wasm-shims/rpc.js';
import { exactClock } from '../ui/clock.js';
import { release, Share } from './engine.js';
import { entrances } from './entrances.js';
import { Panels } from './panels.js';
import { saveClip } from './saving.js';
import { wishOf } from './settings.js';
import { accepts, ACCEPT, asFile } from './source.js';
import { Stage } from './stage.js';
import { buildView, mount, speak } from './view.js';
import { wordsFor } from './words.js';

/**
 * @import {Media, Progress, Ready} from '../protocol.gen.js'
 * @import {Result} from '../results.js'
 * @import {ClipOptions, ClipWrightEvents} from '../element.js'
 * @import {Settings} from './settings.js'
 * @import {End} from './stage.js'
 * @typedef {{
 *     read: () => Settings,
 *     write: (name: keyof Settings, value: string | null) => void,
 *     tell: <T extends keyof ClipWrightEvents>(type: T, detail: ClipWrightEvents[T]) => void,
 * }} Host the element
 * @typedef {{opening: AbortController, opened: Promise<Media>, media: Media | null, result: Result | null, job: AbortController | null}} Session
 *   one file, from when it was asked for
 */

/** A handle that is dragged has come to rest. */
const REST_MS = 150;

export class Clipper {
    #view = buildView();
    #host;
    #stage;
    #panels;
    #engine = new Share();
    /** @type {object | null} stands for one stay in a page */
    #visit = null;
    /** @type {Session | null} */
    #session = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #resting;

    /** @param {ShadowRoot} shadow @param {Host} host */
    constructor(shadow, host) {
        this.#host = host;
        mount(shadow, this.#view);
        this.#panels = new Panels(shadow, this.#view, wordsFor('en').words);
        this.#stage = new Stage(this.#view, {
            read: async (text, facts) => {
                try {
                    return await this.#engine.app.parseTime(text, facts);
                } catch (error) {
                    return toWire(error);
                }
            },
            onMark: (end, mark) => this.#write(end, mark && (mark.text ?? exactClock(mark.us))),
        });
        this.#listen();
    }

    get state() {
        return this.#panels.state;
    }

    get isAttached() {
        return this.#engine.isHeld;
    }

    get media() {
        return this.#session?.media ?? null;
    }

    get result() {
        return this.#session?.result ?? null;
    }

    /** The element came into a page. Rejects as cancelled where it has left meanwhile. @returns {Promise<Ready>} */
    async attach() {
        if (this.#engine.isHeld) return this.#engine.app.ready;
        const visit = (this.#visit = {});
        this.#showSettings();
        try {
            const ready = await this.#engine.take();
            if (visit !== this.#visit) throw cancelled();
            this.#host.tell('ready', ready);
            return ready;
        } catch (error) {
            if (visit === this.#visit) this.#fail(error);
            throw error;
        }
    }

    /** It left the page. */
    detach() {
        this.close();
        this.#engine.giveBack();
        this.#visit = null;
    }

    /** @param {string} tag of a language */
    speak(tag) {
        const spoken = wordsFor(tag);
        this.#panels.words = spoken.words;
        speak(this.#view.root, spoken);
        this.#stage.speak(spoken.language, spoken.words);
    }

    /** An attribute was set by the page. @param {keyof Settings} name */
    changed(name) {
        this.#showSettings();
        if (name === 'mode') this.#tellChange();
        if ((name === 'start' || name === 'end') && this.media) void this.#readMark(name).then(() => this.#tellChange());
    }

    /** @param {File | Blob | string | URL} source @returns {Promise<Media>} */
    async open(source) {
        this.close();
        const opening = new AbortController();
        /** @type {Session} */
        const mine = { opening, opened: this.#opened(source, opening.signal, () => mine), media: null, result: null, job: null };
        this.#session = mine;
        try {
            return await mine.opened;
        } catch (error) {
            const known = fromWire(toWire(opening.signal.aborted ? cancelled() : error));
            if (mine === this.#session) {
                this.close();
                this.#fail(known);
            }
            throw known;
        }
    }

    /**
     * @param {File | Blob | string | URL} source
     * @param {AbortSignal} signal
     * @param {() => Session} session that this opens
     */
    async #opened(source, signal, session) {
        const { app } = this.#engine;
        this.#panels.name('');
        this.#panels.show('opening', this.#panels.words.reading);
        const file = await asFile(source, signal);
        if (signal.aborted) throw cancelled();
        this.#panels.name(file.name);
        this.#stage.load(file);
        const media = await app.open(file, { signal });
        if (signal.aborted) {
            release(app, media);
            throw cancelled();
        }
        session().media = media;
        this.#stage.describe(media.info);
        this.#panels.describe(media);
        this.#panels.show('open');
        await Promise.all([this.#readMark('start'), this.#readMark('end')]);
        if (signal.aborted) throw cancelled();
        this.#stage.seek(this.#stage.span.start);
        this.#tellChange();
        return media;
    }

    /** @param {ClipOptions} options @returns {Promise<Result>} */
    async clip({ signal, onProgress, ...options }) {
        const mine = this.#session;
        if (!mine) throw new ClipwrightError('bad_request', 'No file is open.', { hint: 'Open one first.' });
        if (mine.job) throw new ClipwrightError('resource', 'A clip is being made already.', { hint: 'Wait for it, or cancel it.' });
        const job = (mine.job = new AbortController());
        const stop = () => job.abort();
        signal?.addEventListener('abort', stop);
        if (signal?.aborted) stop();
        try {
            const media = await mine.opened;
            await this.#stage.settle();
            this.#stage.pause();
            if (mine === this.#session) this.#panels.begin();
            /** @param {Progress} progress */
            const tell = (progress) => {
                if (mine !== this.#session) return;
                this.#panels.progress(progress);
                this.#host.tell('progress', progress);
                onProgress?.(progress);
            };
            const wish = wishOf(this.#host.read(), options);
            const result = await this.#engine.turn((app) => app.clip(media, wish, { signal: job.signal, onProgress: tell }), job.signal);
            mine.job = null;
            this.#finish(mine, result);
            return result;
        } catch (error) {
            mine.job = null;
            const known = fromWire(toWire(job.signal.aborted ? cancelled() : error));
            if (mine === this.#session && mine.media) this.#unfinished(known);
            throw known;
        } finally {
            signal?.removeEventListener('abort', stop);
        }
    }

    /** The preview. */
    get stage() {
        return this.#stage;
    }

    cancel() {
        if (!this.#session?.job) return;
        this.#panels.stopping();
        this.#session.job.abort();
    }

    close() {
        const old = this.#session;
        this.#session = null;
        clearTimeout(this.#resting);
        if (!old) return;
        old.opening.abort();
        old.job?.abort();
        this.#stage.unload();
        if (old.media) release(this.#engine.app, old.media);
        this.#panels.show('empty');
    }

    #listen() {
        const { mode, clip, cancel, save, again } = this.#view;
        entrances(this.#view, (file) => this.#take(file));
        mode.addEventListener('change', () => this.#write('mode', mode.value));
        clip.addEventListener('click', () => {
            if (this.#stage.unreadable) this.#stage.unreadable.focus();
            else this.clip({}).catch(told);
        });
        cancel.addEventListener('click', () => this.cancel());
        save.addEventListener('click', () => this.result && void saveClip(this.result));
        again.addEventListener('click', () => this.#panels.show('open'));
    }

    /** @param {File} file that the person brought */
    #take(file) {
        // What is being made is ended by its button, not by a file that is let go of in the wrong place.
        if (this.state === 'working') return;
        if (accepts(file, this.#host.read().accept)) this.open(file).catch(told);
        else this.#fail(new ClipwrightError('unsupported_format', this.#panels.words.refused, { hint: this.#panels.words.refusedHint }));
    }

    /** What the person set. @param {keyof Settings} name @param {string | null} value */
    #write(name, value) {
        this.#panels.forgive();
        this.#host.write(name, value);
        clearTimeout(this.#resting);
        this.#resting = setTimeout(() => this.#tellChange(), REST_MS);
    }

    /** @param {Session} mine @param {Result} result */
    #finish(mine, result) {
        if (mine !== this.#session) return;
        mine.result = result;
        this.#panels.finish(result);
        this.#host.tell('complete', result);
    }

    /** @param {ClipwrightError} error */
    #unfinished(error) {
        this.#panels.show('open', error.code === 'cancelled' ? this.#panels.words.cancelled : '');
        this.#fail(error);
    }

    /** Have an attribute read and shown. @param {End} end */
    async #readMark(end) {
        this.#panels.forgive();
        const fault = await this.#stage.write(end, this.#host.read()[end].trim());
        if (fault) this.#fail(fromWire(fault));
    }

    #showSettings() {
        const { mode, accept } = this.#host.read();
        this.#view.picker.accept = accept || ACCEPT;
        this.#view.mode.value = mode;
    }

    #tellChange() {
        if (!this.media) return;
        const { start, end, mode } = this.#host.read();
        const { start: start_us, end: end_us } = this.#stage.span;
        this.#host.tell('change', { start, end, start_us, end_us, mode });
    }

    /** @param {unknown} error */
    #fail(error) {
        const wire = toWire(error);
        if (wire.code === 'cancelled') return;
        this.#panels.fail(wire);
        this.#host.tell('error', fromWire(wire));
    }
}

/** Whoever did not ask hears of it by events. */
function told() {}
