/** The quiet bar that says that a new version is there. It never does anything by itself while a file is open. */

import { find } from './dom.js';

/**
 * @param {HTMLElement} bar
 * @param {{onUpdate: (onWait: () => void) => Promise<void>, say: (text: string) => void}} events
 */
export function updateBar(bar, { onUpdate, say }) {
    const text = find(bar, '#update-text', HTMLElement);
    const now = find(bar, '#update-now', HTMLButtonElement);
    const later = find(bar, '#update-later', HTMLButtonElement);
    /** @type {() => Promise<void> | void} */
    let act = () => {};

    /** @param {string} told @param {string} button @param {() => Promise<void> | void} does */
    function show(told, button, does) {
        text.textContent = told;
        now.textContent = button;
        act = does;
        bar.hidden = false;
        say(told);
    }

    async function update() {
        now.disabled = true;
        later.hidden = true;
        text.textContent = 'Updating…';
        await onUpdate(() => {
            text.textContent = 'The update begins when the running export has ended.';
        });
    }

    now.addEventListener('click', () => void act());
    later.addEventListener('click', () => {
        bar.hidden = true;
        document.getElementById('main')?.focus();
    });

    return {
        offer: () => show('A new version is ready. Updating reloads this page.', 'Update now', update),
        /** Another tab has updated. */
        outdated: () => show('Clipwright was updated in another tab. Reload this one when you are done here.', 'Reload now', () => location.reload()),
    };
}
