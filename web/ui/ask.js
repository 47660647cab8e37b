/** A dialog that asks for one value and stays until it is accepted. */

import { toWire } from '../../wasm-shims/rpc.js';
import { find } from './dom.js';
import { fieldNote } from './fieldnote.js';

/**
 * @typedef {{title: string, label: string, ok: string, example: string}} Question
 */

/** @param {HTMLDialogElement} dialog */
export function asking(dialog) {
    const title = find(dialog, '#ask-title', HTMLElement);
    const label = find(dialog, '#ask-label', HTMLElement);
    const input = find(dialog, '#ask-input', HTMLInputElement);
    const ok = find(dialog, '#ask-ok', HTMLButtonElement);
    const note = fieldNote(dialog);
    /** @type {(text: string) => Promise<void>} */
    let accept = async () => {};

    async function take() {
        ok.disabled = true;
        try {
            await accept(input.value.trim());
            dialog.close();
        } catch (error) {
            note.fail(toWire(error));
        } finally {
            ok.disabled = false;
            input.focus();
        }
    }

    find(dialog, 'form', HTMLFormElement).addEventListener('submit', (event) => {
        event.preventDefault();
        if (!ok.disabled) void take();
    });
    find(dialog, '[data-close]', HTMLButtonElement).addEventListener('click', () => dialog.close());
    input.addEventListener('input', () => note.tell(''));

    /** @param {Question} question @param {(text: string) => Promise<void>} onAnswer rejects where the answer is no good */
    return (question, onAnswer) => {
        accept = onAnswer;
        title.textContent = question.title;
        label.textContent = question.label;
        ok.textContent = question.ok;
        input.value = '';
        input.placeholder = question.example;
        note.tell('');
        dialog.showModal();
        input.focus();
    };
}
