/** Lists that plans and reports share: their notes, and what becomes of each track. */

import { find, fromTemplate, setIcon } from './dom.js';
import { nameOf } from './words.js';

/**
 * @import {Media, Note} from '../protocol.gen.js'
 * @typedef {'copy' | 'smart' | 'encode' | 'drop'} Action
 * @typedef {{index: number, source?: number, action: Action, codec?: string}} Fate `source`: the number of its file
 */

/** @type {Record<Action, string>} */
const WORDS = { copy: 'copied', smart: 'copied but for the edges', encode: 're-encoded', drop: 'left out' };

/**
 * @param {HTMLElement} list
 * @param {readonly Note[]} notes
 */
export function showNotes(list, notes) {
    list.replaceChildren(...notes.map((note) => {
        const item = fromTemplate('template-note');
        item.dataset.level = note.level;
        setIcon(find(item, 'use', SVGUseElement), note.level);
        const text = find(item, '.note__text', HTMLElement);
        if (note.level === 'warning') text.append(hidden('Warning: '));
        text.append(note.text);
        return item;
    }));
}

/**
 * @param {HTMLElement} list
 * @param {readonly Media[]} media the files, in the order that fates count them
 * @param {readonly Fate[]} fates
 */
export function showTracks(list, media, fates) {
    list.replaceChildren(...fates.map(({ index, source = 0, action, codec }) => {
        const track = media[source]?.info.tracks.find((candidate) => candidate.index === index);
        const item = fromTemplate('template-track');
        item.dataset.action = action;
        const from = track ? nameOf(track.codec) : '';
        const to = action === 'encode' && codec && track && codec !== track.codec ? ` → ${nameOf(codec)}` : '';
        const language = track?.language && track.language !== 'und' ? ` (${track.language})` : '';
        find(item, '.track-row__name', HTMLElement).textContent = `${track ? nameOf(track.kind) : `Track ${index}`} · ${from}${to}${language}`;
        const chip = find(item, '.chip', HTMLElement);
        chip.dataset.action = action;
        chip.textContent = WORDS[action];
        return item;
    }));
}

/** @param {string} text for screen readers only */
function hidden(text) {
    const span = document.createElement('span');
    span.className = 'visually-hidden';
    span.textContent = text;
    return span;
}
