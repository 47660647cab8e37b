/** Pieces of HEVC put together packet by packet: those that repeat pictures get parameter sets of their own, see `severed.js`. */

import { bytesOf } from './bytes.js';
import { apartFrom, apartInside } from './hevcapart.js';
import { isSet } from './hevc.js';
import { nalUnits } from './nal.js';
import { overlaps, toldApart } from './severed.js';

/**
 * @import {Medium} from './copying.js'
 * @typedef {(data: Uint8Array) => Uint8Array} Change of one packet's data
 */

/**
 * @param {Medium[]} media
 * @param {VideoDecoderConfig} config
 * @returns {Promise<{config: VideoDecoderConfig, changes: Change[]}>} see `joined`
 */
export async function joinedHevc(media, config) {
    /** @type {Change[]} */
    const changes = media.map(() => (data) => data);
    const apart = toldApart(media, (i) => overlaps(media[i - 1], media[i]));
    if (!apart.includes(true)) return { config, changes };
    const own = config.description ? apartFrom(bytesOf(config.description)) : null;
    for (const [i, medium] of media.entries()) if (apart[i]) changes[i] = own?.change ?? apartInside(await setsInside(medium));
    return { config: own ? { ...config, description: own.record } : config, changes };
}

/** The parameter sets among packets with start codes: of the piece's first key frame, or else of the file's. @param {Medium} medium */
async function setsInside({ frames, piece }) {
    const near = await frames.keyUpTo(frames.clock.at(piece.span.start));
    for (const packet of [near, await frames.sink.getFirstKeyPacket()]) {
        const sets = packet ? [...nalUnits(packet.data, 0)].filter(isSet).map((unit) => unit.slice()) : [];
        if (sets.length > 0) return sets;
    }
    return [];
}
