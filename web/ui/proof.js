/** What the checks after the work found, in a sentence. */

import { count } from './fates.js';

/** @import {Report} from '../protocol.gen.js' */

/**
 * @param {Report} report
 * @returns {{text: string, ok: boolean}} no text where nothing had to be checked
 */
export function proofOf({ verified }) {
    if (!verified) return { text: '', ok: true };
    const { ok, joints, frames, detail } = verified;
    if (!ok) return { text: `The check found a difference: ${detail}`, ok };
    if (frames === 0) return { text: `Not checked${detail ? `: ${detail}` : '.'}`, ok: false };
    const match = frames === 1 ? 'matches' : 'match';
    return { text: `Checked: ${count(frames, 'frame')} around ${count(joints, 'joint')} ${match} the source.${detail ? ` ${detail}` : ''}`, ok };
}
