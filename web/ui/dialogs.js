/** The help dialog and the question before a running export is stopped. */

import { find } from './dom.js';

/** @param {HTMLDialogElement} dialog */
export function helpDialog(dialog) {
    find(dialog, '[data-close]', HTMLButtonElement).addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => {
        // A click on the backdrop hits the dialog itself; its content covers the rest.
        if (event.target === dialog) dialog.close();
    });
    return () => dialog.showModal();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} text
 * @returns {(question: string) => Promise<boolean>}
 */
export function confirmation(dialog, text) {
    return (question) => {
        text.textContent = question;
        dialog.returnValue = 'no';
        dialog.showModal();
        return new Promise((resolve) => {
            dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
        });
    };
}
