/** A list of things to do that unfolds from a button. */

/**
 * @param {HTMLDetailsElement} menu its items carry `data-action`
 * @param {(action: string) => void} onChoice
 */
export function menu(menu, onChoice) {
    const items = () => [...menu.querySelectorAll('button')].filter((item) => !item.disabled);

    /** @param {boolean} back whether the focus returns to the button */
    function close(back) {
        if (!menu.open) return;
        menu.open = false;
        if (back) menu.querySelector('summary')?.focus();
    }

    menu.addEventListener('click', (event) => {
        const item = event.target instanceof Element ? event.target.closest('[data-action]') : null;
        if (!item) return;
        close(true);
        onChoice(item.getAttribute('data-action') ?? '');
    });
    menu.addEventListener('keydown', (event) => {
        if (!menu.open) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            const all = items();
            const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
            all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]?.focus();
        } else if (event.key === 'Escape') close(true);
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    document.addEventListener('pointerdown', (event) => {
        if (event.target instanceof Node && !menu.contains(event.target)) close(false);
    });
    menu.addEventListener('focusout', (event) => {
        if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) close(false);
    });
}
