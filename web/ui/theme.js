/** The button that switches between light and dark, remembered on this device. */

const KEY = 'clipwright.theme';

/** @param {HTMLButtonElement} button */
export function theme(button) {
    apply(remembered());
    button.addEventListener('click', () => {
        const next = isDark() ? 'light' : 'dark';
        apply(next);
        try {
            localStorage.setItem(KEY, next);
        } catch {
            // Storage is switched off: the choice lasts as long as the page.
        }
    });
}

function remembered() {
    try {
        return localStorage.getItem(KEY);
    } catch {
        return null;
    }
}

function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** @param {string | null} choice */
function apply(choice) {
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
}
