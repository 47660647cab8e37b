/** Lists whose rows are kept while their content changes, so that nobody loses the focus or what they are typing. */

/**
 * @template T
 * @param {HTMLElement} list
 * @param {{key: (item: T) => string | number, make: (item: T) => HTMLElement, show: (row: HTMLElement, item: T, place: number, count: number) => void}} options
 * @returns {(items: readonly T[]) => void} show these
 */
export function rows(list, { key, make, show }) {
    /** @type {Map<string | number, HTMLElement>} */
    let kept = new Map();

    return (items) => {
        const focused = document.activeElement;
        /** @type {typeof kept} */
        const next = new Map();
        for (const item of items) next.set(key(item), kept.get(key(item)) ?? make(item));
        kept = next;
        const elements = [...next.values()];
        if (elements.length !== list.children.length || elements.some((element, place) => element !== list.children[place])) {
            list.replaceChildren(...elements);
            // What moves in the document loses the focus.
            if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
        }
        items.forEach((item, place) => show(elements[place], item, place, items.length));
    };
}

/**
 * Where the focus goes when a row goes: to the row that takes its place, or the one before.
 * @param {HTMLElement} list
 * @param {number} place
 * @param {string} selector
 * @param {HTMLElement} otherwise where no row is left
 */
export function focusRow(list, place, selector, otherwise) {
    const row = list.children[Math.min(place, list.children.length - 1)];
    const target = row?.querySelector(selector) ?? otherwise;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/**
 * The buttons of a row, by their `data-tool`: named for what they act on, dead where they would do nothing.
 * @param {HTMLElement} row
 * @param {string} name
 * @param {number} place
 * @param {number} count
 */
export function nameTools(row, name, place, count) {
    for (const tool of row.querySelectorAll('[data-tool]')) {
        const verb = VERBS.get(tool.getAttribute('data-tool') ?? '');
        if (!verb) continue;
        tool.setAttribute('aria-label', `${verb} ${name}`);
        tool.setAttribute('title', `${verb} ${name}`);
        // Not `disabled`: that would throw the focus away when a row has reached the end.
        const idle = (tool.matches('[data-tool=up]') && place === 0) || (tool.matches('[data-tool=down]') && place === count - 1);
        tool.setAttribute('aria-disabled', String(idle));
    }
}

const VERBS = new Map(Object.entries({ up: 'Move up', down: 'Move down', remove: 'Remove', save: 'Save' }));

/**
 * Hear which tool of which row was pressed.
 * @param {HTMLElement} row
 * @param {Record<string, () => void>} tools by `data-tool`
 */
export function onTools(row, tools) {
    row.addEventListener('click', (event) => {
        const tool = event.target instanceof Element ? event.target.closest('[data-tool]') : null;
        if (!tool || tool.getAttribute('aria-disabled') === 'true') return;
        const run = tools[tool.getAttribute('data-tool') ?? ''];
        if (!run) return;
        event.preventDefault();
        run();
    });
}
