/** Finding elements with their types checked, and filling the page's templates. */

/**
 * The one element that `selector` names; markup and modules ship together, so its absence is a bug.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
    const element = root.querySelector(selector);
    if (!(element instanceof type)) throw new Error(`The page has no ${type.name} “${selector}”.`);
    return element;
}

/**
 * A fresh copy of a template's only element.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function fromTemplate(id) {
    const template = find(document, `#${id}`, HTMLTemplateElement);
    return /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
}

/**
 * Point an icon at another symbol of the sprite.
 * @param {Element} use
 * @param {string} name
 */
export function setIcon(use, name) {
    use.setAttribute('href', `#i-${name}`);
}

/**
 * Keep a button pressed by mouse or finger from taking the focus, so that Space goes on playing the video.
 * Keyboards and screen readers are unaffected.
 * @param {HTMLElement} element
 */
export function keepFocus(element) {
    element.addEventListener('mousedown', (event) => event.preventDefault());
}
