/** The quiet line that says whether the engines are ready. */

const TEXTS = { starting: 'Getting ready…', ready: 'Ready', failed: 'Could not start' };

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} text
 * @returns {(state: keyof typeof TEXTS) => void}
 */
export function engineStatus(element, text) {
    return (state) => {
        element.dataset.state = state;
        text.textContent = TEXTS[state];
    };
}
