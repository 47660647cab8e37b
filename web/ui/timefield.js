/** A field for a time in any notation. It never changes or loses what is being typed. */

import { clock } from './clock.js';
import { find } from './dom.js';
import { fieldNote } from './fieldnote.js';

/**
 * @import {Mark} from './selection.js'
 * @import {TimeReading} from '../protocol.gen.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 */

const PAUSE_MS = 250;

/**
 * @param {HTMLElement} root
 * @param {{read: (text: string) => Promise<TimeReading | WireError>, onTime: (mark: Mark | null) => void}} options `onTime`
 *   gets null where the field was emptied
 */
export function timeField(root, { read, onTime }) {
    const input = find(root, 'input', HTMLInputElement);
    const note = fieldNote(root);
    /** @type {'clean' | 'typed' | 'asking' | 'unreadable'} */
    let state = 'clean';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** Counts edits, so that a late answer to an earlier one is dropped. */
    let edit = 0;
    /** @type {Promise<void>} */
    let answered = Promise.resolve();
    /** @type {Mark | null} what the field should show when it is left alone */
    let wanted = null;
    let shown = '';

    /** @param {typeof state} next */
    function become(next) {
        state = next;
        // What the field shows counts only once it is read.
        input.setAttribute('aria-busy', String(next === 'typed' || next === 'asking'));
    }

    async function take() {
        const mine = ++edit;
        const text = input.value.trim();
        become('asking');
        const answer = text === '' ? null : await read(text);
        if (mine !== edit) return;
        if (answer && 'code' in answer) {
            become('unreadable');
            note.fail(answer);
            return;
        }
        const mark = answer && { us: answer.us, text };
        become('clean');
        shown = keyOf(mark);
        note.tell(answer && answer.hms !== text ? `= ${answer.hms}` : '');
        onTime(mark);
    }

    function settle() {
        clearTimeout(timer);
        if (state === 'typed') answered = take();
        return answered;
    }

    /** @param {boolean} force replace even what cannot be read */
    function draw(force) {
        // Not under the cursor: somebody who is about to type there has perhaps selected the old text already.
        const held = /** @type {Document | ShadowRoot} */ (input.getRootNode()).activeElement === input || state !== 'clean';
        if (!force && (held || keyOf(wanted) === shown)) return;
        clearTimeout(timer);
        edit += 1;
        become('clean');
        shown = keyOf(wanted);
        input.value = wanted ? (wanted.text ?? clock(wanted.us)) : '';
        note.tell('');
    }

    input.addEventListener('input', () => {
        edit += 1;
        become('typed');
        clearTimeout(timer);
        timer = setTimeout(() => void settle(), PAUSE_MS);
    });
    input.addEventListener('change', () => void settle());
    // By then the document no longer counts it as focused.
    input.addEventListener('focusout', () => queueMicrotask(() => draw(false)));
    input.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        void settle();
    });

    return {
        /** Have what was typed read now; resolves when it is. */
        settle,
        get isUnreadable() {
            return state === 'unreadable';
        },
        focus: () => input.focus(),
        fail: note.fail,
        /** Take back a refusal that spoke of a readable time. */
        forgive() {
            if (state === 'clean') note.forgive();
        },
        /**
         * Show a point that was set elsewhere. Typing in progress and what cannot be read stay, unless `force`.
         * @param {Mark | null} mark
         * @param {boolean} [force]
         */
        show(mark, force = false) {
            wanted = mark;
            draw(force);
        },
    };
}

/** @param {Mark | null} mark */
function keyOf(mark) {
    return mark ? `${mark.us}|${mark.text ?? ''}` : '';
}
