/** The error card: which file, what happened, what to do next; the details folded. */

import { find, fromTemplate } from './dom.js';

/** @import {WireError} from '../../wasm-shims/rpc.js' */

/** @param {HTMLElement} place an element with role alert */
export function failureCard(place) {
    function clear() {
        place.replaceChildren();
    }

    return {
        clear,
        /**
         * @param {string} title names the file and what could not be done with it
         * @param {WireError} error
         */
        show(title, error) {
            const card = fromTemplate('template-failure');
            find(card, '.failure__title', HTMLElement).textContent = title;
            find(card, '.failure__message', HTMLElement).textContent = error.message;
            find(card, '.failure__hint', HTMLElement).textContent = error.hint;
            find(card, '.failure__code', HTMLElement).textContent = error.code;
            find(card, '.failure__detail', HTMLElement).textContent = error.detail;
            find(card, '[data-dismiss]', HTMLButtonElement).addEventListener('click', () => {
                clear();
                document.getElementById('main')?.focus();
            });
            const copy = find(card, '[data-copy]', HTMLButtonElement);
            copy.addEventListener('click', () => void copyText(copy, `${title}\n${error.code}: ${error.message}\n${error.detail}`));
            place.replaceChildren(card);
            card.scrollIntoView({ block: 'nearest' });
        },
    };
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
async function copyText(button, text) {
    try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
    } catch {
        button.textContent = 'Select the text to copy it';
    }
}
