/** How to write the clip: mode, lead-in, format, name. */

import { find } from './dom.js';
import { fieldNote } from './fieldnote.js';

/** @import {ClipRequest} from '../protocol.gen.js' */

/**
 * @param {HTMLFormElement} form
 * @param {{onChange: () => void, onExport: () => void}} events
 */
export function settings(form, { onChange, onExport }) {
    const container = find(form, '#container', HTMLSelectElement);
    const leadIn = find(form, '#lead-in', HTMLInputElement);
    const leadInRow = find(form, '#lead-in-row', HTMLElement);
    const name = find(form, '#name', HTMLInputElement);
    const nameNote = fieldNote(find(form, '#field-name', HTMLElement));
    const status = find(form, '#settings-status', HTMLElement);
    const explanations = [...form.querySelectorAll('[data-mode]')];

    function mode() {
        return find(form, 'input[name="mode"]:checked', HTMLInputElement).value;
    }

    function explain() {
        for (const line of explanations) line.toggleAttribute('hidden', line.getAttribute('data-mode') !== mode());
        leadInRow.hidden = mode() !== 'auto';
    }

    form.addEventListener('input', () => {
        explain();
        status.textContent = '';
        onChange();
    });
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        onExport();
    });
    name.addEventListener('keydown', (event) => {
        // Enter in a field must not start a long job by accident.
        if (event.key === 'Enter') event.preventDefault();
    });
    explain();

    return {
        /** @returns {Partial<ClipRequest>} */
        get request() {
            return /** @type {Partial<ClipRequest>} */ ({
                mode: mode(),
                container: container.value || null,
                allow_lead_in: mode() === 'auto' && leadIn.checked,
                name: name.value.trim() || null,
            });
        },
        /** The name the clip will have, as far as it is known. */
        get name() {
            return name.value.trim() || name.placeholder;
        },
        /** @param {string} text what the name will be if none is given */
        suggestName(text) {
            if (!name.value.trim()) name.placeholder = text;
        },
        /** A new file: its clip has another name and its own format; how to cut stays as it was chosen. */
        reset() {
            container.value = '';
            name.value = '';
            name.placeholder = '';
            nameNote.tell('');
            status.textContent = '';
        },
        /** @param {string} text */
        say(text) {
            status.textContent = text;
        },
        focusName: () => name.focus(),
        failName: nameNote.fail,
        forgiveName: nameNote.forgive,
    };
}
