/** The quiet bar that says that a new version is there. It never does anything by itself while a file is open. */

import { find } from './dom.js';

/**
 * @param {HTMLElement} bar
 * @param {object} events
 * @param {() => Promise<boolean>} events.onUpdate false: something is being made, and nothing was done
 * @param {() => Promise<void>} events.idle resolves when nothing is
 * @param {() => boolean} events.isOpen whether a reload would cost somebody their work
 * @param {(text: string) => void} events.say
 */
export function updateBar(bar, { onUpdate, idle, isOpen, say }) {
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
        now.disabled = later.hidden = bar.hidden = false;
        say(told);
    }

    const offer = () => show('A new version is ready. Updating reloads this page, so save your clips first.', 'Update now', update);

    async function update() {
        now.disabled = later.hidden = true;
        text.textContent = 'Updating…';
        while (!(await onUpdate())) {
            text.textContent = 'The update waits until the running export has ended.';
            await idle();
            // What was made meanwhile must not go with a reload that was asked for before it was there.
            if (isOpen()) return offer();
        }
    }

    now.addEventListener('click', () => void act());
    later.addEventListener('click', () => {
        bar.hidden = true;
        document.getElementById('main')?.focus();
    });

    return {
        offer,
        /** Another tab has updated. */
        outdated: () => show('Clipwright was updated in another tab. Reload this one when you are done here.', 'Reload now', () => location.reload()),
    };
}
