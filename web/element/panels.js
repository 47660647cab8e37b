/** What the element shows of its work: which panel, how far it is, what came of it, what went wrong. */

import { announcer } from '../ui/announce.js';
import { rough } from '../ui/clock.js';
import { bytes, frameRate, nameOf, shownSize } from '../ui/words.js';
import { fill } from './words.js';

/**
 * @import {Media, Progress} from '../protocol.gen.js'
 * @import {Result} from '../results.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @import {View} from './view.js'
 * @import {Words} from './words.js'
 * @typedef {'empty' | 'opening' | 'open' | 'working' | 'done'} State
 */

const MILESTONE = 25;

export class Panels {
    #view;
    #shadow;
    #say;
    #milestone = 0;
    /** @type {Words} */
    words;
    /** @type {State} */
    state = 'empty';

    /** @param {ShadowRoot} shadow @param {View} view @param {Words} words */
    constructor(shadow, view, words) {
        this.#view = view;
        this.#shadow = shadow;
        this.#say = announcer(view.live);
        this.words = words;
    }

    /** @param {State} state @param {string} [status] */
    show(state, status = '') {
        const { root, choose, play, clip, cancel, save } = this.#view;
        const held = this.#shadow.activeElement;
        this.state = root.dataset.state = state;
        this.#view.status.textContent = status;
        this.forgive();
        // Who was on a button that has gone goes on where the work does.
        if (held && !held.checkVisibility()) ({ empty: choose, opening: play, open: clip, working: cancel, done: save })[state].focus({ preventScroll: true });
    }

    /** @param {string} name of the file that is being opened */
    name(name) {
        this.#view.name.textContent = this.#view.name.title = name;
        this.#view.facts.textContent = '';
    }

    /** @param {Media} media */
    describe({ source, info }) {
        const video = info.tracks.find((track) => track.kind === 'video');
        const facts = [nameOf(info.container), video && shownSize(video), video && frameRate(video), bytes(source.size)];
        this.#view.facts.textContent = facts.filter(Boolean).join(' · ');
        this.#say(fill(this.words.opened, source.name));
    }

    /** The work begins. */
    begin() {
        this.show('working');
        this.#milestone = 0;
        this.#view.cancel.disabled = false;
        this.progress({ done: 0, stage: '', eta_s: null });
        this.#say(this.words.making);
    }

    /** @param {Progress} progress */
    progress({ done, eta_s: eta }) {
        const { bar, percent, left, cancel } = this.#view;
        if (cancel.disabled) return;
        const whole = Math.floor(done * 100);
        bar.value = done * 100;
        percent.textContent = `${whole} %`;
        left.textContent = eta === null ? '' : fill(this.words.left, rough(eta));
        const reached = Math.floor(whole / MILESTONE) * MILESTONE;
        if (reached > this.#milestone) this.#say(fill(this.words.percent, String(reached)));
        this.#milestone = Math.max(reached, this.#milestone);
    }

    /** The work is to stop. */
    stopping() {
        this.#view.cancel.disabled = true;
        this.#view.left.textContent = this.words.stopping;
    }

    /** @param {Result} result */
    finish({ name, report }) {
        this.show('done');
        this.#view.made.textContent = `${name} · ${bytes(report.size)}`;
        this.#say(this.words.done);
    }

    /** @param {WireError} error */
    fail({ message, hint }) {
        const cause = document.createElement('strong');
        cause.textContent = message;
        this.#view.message.replaceChildren(cause, ` ${hint}`);
    }

    /** What was wrong may be right by now. */
    forgive() {
        this.#view.message.replaceChildren();
    }
}
