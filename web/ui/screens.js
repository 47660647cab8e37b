/** Which screen of the page is shown, and which panel of the editor. */

import { find } from './dom.js';

/**
 * @typedef {'empty' | 'editor'} Screen
 * @typedef {'settings' | 'progress' | 'result'} Panel
 */

const PANELS = /** @type {const} */ (['settings', 'progress', 'result']);

const byId = (/** @type {string} */ id) => find(document, `#${id}`, HTMLElement);

/** @param {Screen} screen */
export function show(screen) {
    byId('empty').hidden = screen !== 'empty';
    byId('editor').hidden = screen !== 'editor';
    byId('open-another').hidden = screen !== 'editor';
}

/** @param {Panel} panel */
export function showPanel(panel) {
    for (const id of PANELS) byId(id).hidden = id !== panel;
    if (panel !== 'settings') byId(panel).scrollIntoView({ block: 'nearest' });
}
