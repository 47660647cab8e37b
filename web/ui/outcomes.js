/** The list of results, where there are several: look at one, save one. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { fateName } from './fates.js';
import { lengthOf } from './plan.js';
import { proofOf } from './proof.js';
import { nameTools, rows } from './rows.js';
import { asButton } from './saving.js';
import { bytes } from './words.js';

/** @import {Shown} from './result.js' */

/**
 * @param {HTMLElement} list
 * @param {{onShow: (clip: Shown) => void, onSave: (clip: Shown) => void}} events
 * @returns {(clips: readonly Shown[], chosen: Shown | null) => void} show these, unless there is only one
 */
export function outcomes(list, { onShow, onSave }) {
    /** @type {Shown | null} */
    let current = null;
    const draw = rows(list, {
        key: (/** @type {Shown} */ clip) => clip.url,
        make(clip) {
            const row = fromTemplate('template-result');
            const save = find(row, '[data-tool=save]', HTMLAnchorElement);
            find(row, '.outcome__show', HTMLElement).addEventListener('click', () => onShow(clip));
            save.href = clip.url;
            save.download = clip.name;
            asButton(save, () => onSave(clip));
            return row;
        },
        show(row, clip, place, count) {
            const { report } = clip;
            find(row, '.outcome__name', HTMLElement).textContent = clip.name;
            const fates = [...new Set(report.segments.map(fateName))].join(', ');
            const facts = [bytes(report.size), clock(lengthOf(report)), fates || report.mode, report.verified?.ok && proofOf(report).ok && 'checked'];
            find(row, '.outcome__facts', HTMLElement).textContent = facts.filter(Boolean).join(' · ');
            find(row, '.outcome__show', HTMLElement).setAttribute('aria-pressed', String(clip === current));
            row.toggleAttribute('data-chosen', clip === current);
            nameTools(row, clip.name, place, count);
        },
    });

    return (clips, chosen) => {
        current = chosen;
        list.hidden = clips.length < 2;
        draw(clips.length < 2 ? [] : clips);
    };
}
