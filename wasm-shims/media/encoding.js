/** What encoding pictures and encoding sound have in common. */

import { Quality } from 'mediabunny';
import { incapable } from './failures.js';

/**
 * @import {InputTrack} from 'mediabunny'
 * @import {Task} from './lane.js'
 */

/** @param {InputTrack} track */
export async function assertDecodable(track) {
    if (await track.canDecode()) return;
    const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? 'this codec');
    throw incapable(`The browser cannot decode ${codec}.`, (await track.getCodecParameterString()) ?? codec);
}

/** @param {Task} task the codec to write, which the container must hold */
export function codecOf({ wanted: { codec }, format }) {
    const held = /** @type {string[]} */ (format.getSupportedCodecs());
    if (held.includes(codec)) return codec;
    throw incapable(`The browser cannot put ${codec} into this container.`, codec);
}

/** @param {Task} task */
export function qualityOf({ wanted: { bitrate } }) {
    return bitrate ? new Quality({ bitrate }) : new Quality('high');
}
