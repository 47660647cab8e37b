/** The segments of plans and reports, one line and its details each. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { count, shares, showFate } from './fates.js';

/**
 * @import {SegmentPlan} from '../protocol.gen.js'
 * @typedef {{segment: SegmentPlan, file: string}} Part `file`: what to call its source, empty where there is only one
 */

/** Differences that nobody can see are not told. */
const VISIBLE_US = 1000;

/**
 * @param {HTMLElement} list
 * @param {readonly Part[]} parts
 */
export function showParts(list, parts) {
    list.hidden = parts.length === 0;
    list.replaceChildren(...parts.map(({ segment, file }) => {
        const item = fromTemplate('template-part');
        const times = `${clock(segment.span.start)} – ${clock(segment.span.end)}`;
        const name = segment.label || file;
        find(item, '.part__name', HTMLElement).textContent = name || times;
        showFate(find(item, '.chip', HTMLElement), segment);
        const facts = [name && times, shares(segment), ...edges(segment), parts.length > 1 && segment.why && `not smart: ${segment.why}`];
        find(item, '.part__facts', HTMLElement).textContent = facts.filter(Boolean).join(' · ');
        return item;
    }));
}

/** @param {SegmentPlan} segment */
function edges({ mode, span, request_span: asked, encoded_frames: frames, lead_in_us: leadIn, lead_in_hidden: hidden }) {
    const told = [];
    if (mode === 'exact' && frames > 0) told.push(count(frames, 'frame'));
    if (leadIn >= VISIBLE_US && hidden) told.push(`players skip a lead-in of ${clock(leadIn)}`);
    if (Math.abs(span.start - asked.start) >= VISIBLE_US) told.push(`in point asked for: ${clock(asked.start)}`);
    return told;
}
