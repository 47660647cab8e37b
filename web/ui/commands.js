/** What can be commanded, by button and by key. */

import { find, keepFocus } from './dom.js';
import { keys } from './keys.js';

/**
 * @typedef {{button?: string, keys?: string[], run: () => void}} Command `button`: an id; `keys`: as in `keys.js`
 */

/** @param {Command[]} commands */
export function commands(commands) {
    for (const { button, run } of commands) {
        if (!button) continue;
        const element = find(document, `#${button}`, HTMLButtonElement);
        element.addEventListener('click', run);
        keepFocus(element);
    }
    keys(Object.fromEntries(commands.flatMap(({ keys: names = [], run }) => names.map((name) => [name, run]))));
}
