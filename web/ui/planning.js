/** Planning as people change their minds: what was asked last is shown, and a refusal stands where it belongs. */

import { toWire } from '../../wasm-shims/rpc.js';
import { latest } from './latest.js';
import { fieldPath } from './order.js';
import { notesOf, summary } from './plan.js';
import { planOf } from './work.js';

/**
 * @import {Clipwright} from '../clipwright.js'
 * @import {CutPlan, Media} from '../protocol.gen.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @import {Order} from './order.js'
 * @import {planView} from './plan.js'
 * @import {marks} from './marks.js'
 * @import {settings} from './settings.js'
 * @import {Segments} from './segments.js'
 * @typedef {{answer: CutPlan, media: readonly Media[], main: string}} Found `main`: the id of the file whose segments are listed
 * @typedef {{
 *     app: Clipwright,
 *     order: () => Order | null,
 *     plan: ReturnType<typeof planView>,
 *     marks: ReturnType<typeof marks>,
 *     settings: ReturnType<typeof settings>,
 *     segments: Segments,
 *     say: (text: string) => void,
 * }} Options `order`: what is wanted now, null while no file is open
 */

const PAUSE_MS = 200;

/** @param {Options} options */
export function planning({ app, order, plan, marks, settings, segments, say }) {
    const planner = latest(PAUSE_MS, { ask, onAnswer: show, onError: refuse });

    /** @returns {Promise<Found | 'closed' | 'unreadable'>} */
    async function ask() {
        if (marks.unreadable) return 'unreadable';
        const wanted = order();
        return wanted ? { answer: await planOf(app, wanted), media: wanted.media, main: wanted.main } : 'closed';
    }

    /** @param {Awaited<ReturnType<typeof ask>>} found */
    function show(found) {
        if (found === 'closed') return;
        if (found === 'unreadable') return plan.wait('The plan appears here once the marked time can be read.');
        const { plans } = found.answer;
        forgive();
        settings.suggestName(plans[0].name, plans.length);
        segments.showPlans(plans, found.main);
        plan.show(found.answer, found.media);
        const warnings = notesOf(found.answer).filter((note) => note.level === 'warning').map((note) => note.text);
        say(['Plan:', summary(plans), ...warnings].join(' '));
    }

    /** @param {unknown} error */
    function refuse(error) {
        const wire = toWire(error);
        forgive();
        segments.showPlans([]);
        if (atField(wire)) plan.wait('The plan appears here once the marked entry is put right.');
        else plan.fail([wire.message, wire.code === 'capability' && `${wire.detail}.`, wire.hint].filter(Boolean).join(' '));
    }

    function forgive() {
        marks.forgive();
        settings.forgiveName();
    }

    /**
     * Show a refusal at the field it speaks of.
     * @param {WireError} wire
     * @returns {{focus: () => void} | null}
     */
    function atField(wire) {
        if (wire.code !== 'bad_request') return null;
        if (wire.path !== '$.request.name') return marks.fail({ ...wire, path: fieldPath(wire.path, order()) }) ?? null;
        settings.failName(wire);
        return { focus: settings.focusName };
    }

    return {
        atField,
        drop: planner.drop,
        /** Something was changed. */
        renew() {
            plan.age();
            planner.ask();
        },
    };
}
