/** How to write what is kept: mode, lead-in, one file or several, format, name. */

import { find } from './dom.js';
import { fieldNote } from './fieldnote.js';

/**
 * @import {CutRequest} from '../protocol.gen.js'
 */

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
    const nameLabel = find(form, '#name-label', HTMLElement);
    const nameHelp = find(form, '#name-help', HTMLElement);
    const naming = find(form, '#naming', HTMLElement);
    const output = find(form, '#output', HTMLElement);
    const exportText = find(form, '#export-text', HTMLElement);
    const status = find(form, '#settings-status', HTMLElement);
    let expected = 1;
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
        /** @returns {Partial<CutRequest>} */
        get request() {
            return /** @type {Partial<CutRequest>} */ ({
                mode: mode(),
                container: container.value || null,
                allow_lead_in: mode() === 'auto' && leadIn.checked,
                name: name.value.trim() || null,
            });
        },
        /** Whether several segments or files become one. */
        get join() {
            return !output.hidden && find(output, '[value=join]', HTMLInputElement).checked;
        },
        /** @param {boolean} join what several become unless somebody says otherwise */
        preferJoin(join) {
            find(output, join ? '[value=join]' : '[value=separate]', HTMLInputElement).checked = true;
        },
        /** @param {boolean} choice whether the result may be one file or several */
        expect(choice) {
            output.hidden = !choice;
            const many = choice && !this.join;
            nameLabel.textContent = many ? 'File names' : 'File name';
            nameHelp.hidden = !many;
            naming.toggleAttribute('data-many', many);
            exportText.textContent = many ? 'Export clips' : 'Export clip';
        },
        /** The name the clip will have, as far as it is known, or how many there will be. */
        get name() {
            return expected > 1 ? `${expected} clips` : name.value.trim() || name.placeholder;
        },
        /** @param {string} text what the first result will be called @param {number} results how many there will be */
        suggestName(text, results) {
            expected = results;
            if (!name.value.trim()) name.placeholder = text;
            nameNote.tell(results > 1 ? `First: ${text}` : '');
            if (results > 1) exportText.textContent = `Export ${results} clips`;
        },
        /** A new file: its clip has another name and its own format; how to cut stays as it was chosen. */
        reset() {
            expected = 1;
            container.value = '';
            name.value = '';
            name.placeholder = '';
            nameNote.tell('');
            find(output, '[value=separate]', HTMLInputElement).checked = true;
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
