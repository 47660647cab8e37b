/** The plan, shown before anything is done. */

import { clock } from './clock.js';
import { find } from './dom.js';
import { showNotes, showTracks } from './notes.js';
import { bytes, engineName, nameOf } from './words.js';

/** @import {MediaInfo, Method, Plan} from '../protocol.gen.js' */

/** @type {Record<Method, string>} */
const METHODS = { lossless: 'Lossless', smart: 'Smart', exact: 'Exact' };

/** @param {HTMLElement} root */
export function planView(root) {
    const message = find(root, '#plan-message', HTMLElement);
    const body = find(root, '#plan-body', HTMLElement);
    const headline = find(root, '#plan-headline', HTMLElement);
    const name = find(root, '#plan-name', HTMLElement);
    const tracks = find(root, '#plan-tracks', HTMLElement);
    const notes = find(root, '#plan-notes', HTMLElement);
    const foot = find(root, '#plan-foot', HTMLElement);

    /** @param {string} state @param {string} [text] */
    function set(state, text = '') {
        root.dataset.state = state;
        message.textContent = text;
        message.hidden = text === '';
        body.hidden = state !== 'ready' && state !== 'stale';
    }

    return {
        /** @param {string} text */
        wait: (text) => set('waiting', text),
        /** @param {string} text */
        fail: (text) => set('failed', text),
        /** A newer plan is on its way. */
        age() {
            if (root.dataset.state === 'ready') set('stale');
        },
        /**
         * @param {Plan} plan
         * @param {MediaInfo} info
         */
        show(plan, info) {
            headline.textContent = `${summary(plan)} · about ${bytes(plan.estimated_bytes)}`;
            name.textContent = plan.name;
            showTracks(tracks, info, plan.tracks);
            showNotes(notes, plan.notes);
            foot.textContent = `Made by ${engineName(plan.engine)}`;
            set('ready');
        },
    };
}

/** @param {Plan} plan */
export function summary({ mode, container, span }) {
    return `${METHODS[mode]} ${nameOf(container)} · ${clock(span.end - span.start)}`;
}
