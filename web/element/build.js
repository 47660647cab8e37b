/** Elements without markup: a shadow tree is built here, as no page's CSP forbids it. */

const SVG = 'http://www.w3.org/2000/svg';
/** Outlines of 24 x 24. */
const ICONS = {
    file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M10.5 11.8v5l4-2.5z',
    play: 'M8 5.600v12.800l11-6.400z',
    pause: 'M8.500 5.500v13M15.500 5.500v13',
    cut: 'M9 8.200 19.500 17M9 15.800 19.500 7M7 4a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5M7 15a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5',
    save: 'M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14',
    check: 'M5.500 12.500l4.500 4.500 8.500-9.500',
};

/**
 * An element with attributes and children. `true` stands for an empty attribute, `false` for none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean>} [attributes]
 * @param {...(Node | string)} children strings become text
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children);
    return element;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(document.createElementNS(SVG, 'path'));
    setIcon(svg, name);
    return svg;
}

/** @param {SVGElement} svg made by `icon` @param {keyof typeof ICONS} name */
export function setIcon(svg, name) {
    svg.firstElementChild?.setAttribute('d', ICONS[name]);
}
