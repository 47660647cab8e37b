/** The plan, shown before anything is done. */

import { clock, rough } from './clock.js';
import { find } from './dom.js';
import { count } from './fates.js';
import { showNotes, showTracks } from './notes.js';
import { showParts } from './parts.js';
import { bytes, engineName, nameOf } from './words.js';

/**
 * @import {CutPlan, Media, Note, Plan} from '../protocol.gen.js'
 */

/** @type {Record<Plan['mode'], string>} */
const MODES = { lossless: 'Lossless', smart: 'Smart', exact: 'Exact' };

/** @param {HTMLElement} root */
export function planView(root) {
    const message = find(root, '#plan-message', HTMLElement);
    const body = find(root, '#plan-body', HTMLElement);
    const headline = find(root, '#plan-headline', HTMLElement);
    const name = find(root, '#plan-name', HTMLElement);
    const parts = find(root, '#plan-parts', HTMLElement);
    const tracks = find(root, '#plan-tracks', HTMLElement);
    const notes = find(root, '#plan-notes', HTMLElement);
    const foot = find(root, '#plan-foot', HTMLElement);

    /** @param {string} state @param {string} [text] */
    function set(state, text = '') {
        root.dataset.state = state;
        message.textContent = text;
        message.hidden = text === '';
        body.hidden = state !== 'ready' && state !== 'stale';
    }

    return {
        /** @param {string} text */
        wait: (text) => set('waiting', text),
        /** @param {string} text */
        fail: (text) => set('failed', text),
        /** A newer plan is on its way. */
        age() {
            if (root.dataset.state === 'ready') set('stale');
        },
        /**
         * @param {CutPlan} answer
         * @param {readonly Media[]} media in the order of the request
         */
        show(answer, media) {
            const { plans } = answer;
            headline.textContent = `${summary(plans)} · about ${bytes(sum(plans, (plan) => plan.estimated_bytes))}`;
            name.textContent = plans.length > 1 ? '' : plans[0].name;
            showParts(parts, partsOf(plans, media));
            showTracks(tracks, sourcesOf(plans[0], media), plans[0].tracks);
            showNotes(notes, notesOf(answer));
            const engines = [...new Set(plans.map((plan) => engineName(plan.engine)))];
            foot.textContent = `Takes about ${rough(sum(plans, (plan) => plan.estimated_s))}, made by ${engines.join(' and ')}`;
            set('ready');
        },
    };
}

/** @param {readonly Plan[]} plans */
export function summary(plans) {
    const modes = [...new Set(plans.map((plan) => plan.mode))];
    const mode = modes.length === 1 ? MODES[modes[0]] : modes.includes('exact') ? 'Partly exact' : 'Smart';
    const clips = plans.length > 1 ? `${count(plans.length, 'clip')} · ` : '';
    return `${clips}${mode} ${nameOf(plans[0].container)} · ${clock(sum(plans, lengthOf))}`;
}

/**
 * How long a result plays.
 * @param {Pick<Plan, 'segments' | 'span'>} plan
 */
export function lengthOf({ segments, span }) {
    return segments.length > 0 ? sum(segments, (segment) => segment.span.end - segment.span.start) : span.end - span.start;
}

/** Notes that say of one segment what its line in the plan says too. */
const OF_SEGMENTS = new Set(['smart_cut', 'starts_on_key_frame', 'frames_reencoded']);

/**
 * What is to be said of all results, once each; where there are several segments, not what their lines say.
 * @param {CutPlan} answer
 * @returns {Note[]}
 */
export function notesOf({ plans, notes }) {
    const several = plans.length > 1 || plans[0].segments.length > 1;
    const all = [...notes, ...plans.flatMap((plan) => plan.notes)].filter((note) => !several || !OF_SEGMENTS.has(note.code));
    return all.filter((note, place) => all.findIndex((other) => other.text === note.text) === place);
}

/**
 * The files that a plan's tracks count.
 * @param {Plan} plan
 * @param {readonly Media[]} media
 */
function sourcesOf({ source, others }, media) {
    return [source, ...others].flatMap(({ id }) => media.find((one) => one.source.id === id) ?? []);
}

/**
 * @param {readonly Pick<Plan, 'segments'>[]} plans
 * @param {readonly Media[]} media
 */
export function partsOf(plans, media) {
    const all = plans.flatMap((plan) => plan.segments);
    const several = new Set(all.map((segment) => segment.source)).size > 1;
    return all.map((segment) => ({ segment, file: several ? (media.find((one) => one.source.id === segment.source)?.source.name ?? '') : '' }));
}

/** @template T @param {readonly T[]} all @param {(one: T) => number} value */
function sum(all, value) {
    return all.reduce((total, one) => total + value(one), 0);
}
