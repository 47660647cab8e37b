/** The line under a field: a reading of what was typed, or what is wrong with it. */

import { find } from './dom.js';

/** @import {WireError} from '../../wasm-shims/rpc.js' */

/** @param {HTMLElement} root a field with an input and its note */
export function fieldNote(root) {
    const input = find(root, 'input', HTMLInputElement);
    const note = find(root, '.field__note', HTMLElement);
    let reading = '';

    /** @param {string} text */
    function tell(text) {
        reading = text;
        note.textContent = text;
        delete note.dataset.level;
        input.removeAttribute('aria-invalid');
    }

    return {
        tell,
        /** Take back an error that `fail` showed. */
        forgive: () => {
            if (note.dataset.level) tell(reading);
        },
        /** @param {Pick<WireError, 'message' | 'hint'>} error */
        fail({ message, hint }) {
            const cause = document.createElement('strong');
            cause.textContent = message;
            note.replaceChildren(cause, hint);
            note.dataset.level = 'error';
            input.setAttribute('aria-invalid', 'true');
        },
    };
}
