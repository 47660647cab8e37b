/**
 * The listed segments on the timeline, and shade over what is left out. They are pictures of the list, which says the same
 * in words.
 */

/**
 * @import {Viewport} from './viewport.js'
 * @typedef {{start: number, end: number, chosen: boolean}} Piece µs
 */

/** @param {HTMLElement} layer */
export function pieces(layer) {
    /** @type {readonly Piece[]} */
    let shown = [];
    let removed = false;

    /** @param {Viewport} view */
    function place(view) {
        const shaded = shown.length === 0 ? [] : removed ? shown : gaps(shown, view.total);
        layer.replaceChildren(
            ...shaded.flatMap(({ start, end }) => bar(view, start, end, 'timeline__shade')),
            // The chosen one is drawn by the handles.
            ...shown.flatMap(({ start, end, chosen }, place) => (chosen ? [] : bar(view, start, end, 'piece', String(place + 1)))),
        );
    }

    return {
        place,
        /** @param {readonly Piece[]} next @param {boolean} gone whether they are what goes */
        use(next, gone) {
            shown = next;
            removed = gone;
            layer.toggleAttribute('data-removed', gone);
        },
    };
}

/**
 * @param {Viewport} view
 * @param {number} start
 * @param {number} end
 * @param {string} kind
 * @param {string} [text]
 */
function bar(view, start, end, kind, text = '') {
    const from = Math.max(0, view.fraction(start));
    const to = Math.min(1, view.fraction(end));
    if (to <= from) return [];
    const element = document.createElement('span');
    element.className = kind;
    element.style.left = `${from * 100}%`;
    element.style.width = `${(to - from) * 100}%`;
    if (text) {
        const number = document.createElement('span');
        number.className = 'piece__number';
        number.textContent = text;
        element.append(number);
    }
    return [element];
}

/**
 * What no segment covers.
 * @param {readonly Piece[]} segments
 * @param {number} total
 */
function gaps(segments, total) {
    const found = [];
    let reached = 0;
    for (const { start, end } of [...segments].sort((a, b) => a.start - b.start)) {
        if (start > reached) found.push({ start: reached, end: start });
        reached = Math.max(reached, end);
    }
    if (reached < total) found.push({ start: reached, end: total });
    return found;
}
