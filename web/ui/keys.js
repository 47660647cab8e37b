/** Keyboard commands for the whole page; typing, dialogs and focused controls come first. */

/**
 * @typedef {Record<string, () => void>} Commands keyed by what `commandFor` returns, such as `i`, `shift+arrowleft`
 */

/** Keys that a focused button, link or option uses itself; sliders claim theirs by `preventDefault`. */
const TAKEN = new Set(['enter', ' ', 'arrowleft', 'arrowright', 'arrowup', 'arrowdown', 'home', 'end']);

/** @param {Commands} commands */
export function keys(commands) {
    addEventListener('keydown', (event) => {
        if (event.defaultPrevented || (event.repeat && event.key === 'Enter') || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (document.querySelector('dialog[open]')) return;
        const name = commandFor(event);
        const key = event.key.toLowerCase();
        if (key !== 'escape' && isTyping(event.target)) return;
        if (TAKEN.has(key) && usesKeys(event.target)) return;
        if (!Object.hasOwn(commands, name)) return;
        event.preventDefault();
        commands[name]();
    });
}

/** @param {KeyboardEvent} event */
function commandFor(event) {
    const key = event.key.toLowerCase();
    return event.shiftKey && key.length > 1 ? `shift+${key}` : key;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
    if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button', 'submit'].includes(target.type);
    return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** @param {EventTarget | null} target */
function usesKeys(target) {
    return target instanceof Element && target.closest('button, a, summary, input, video[controls]') !== null;
}
