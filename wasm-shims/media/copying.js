/** What copying pictures and copying sound, packet by packet, have in common. */

import { corrupt, incapable } from './failures.js';

/**
 * @import {InputTrack, OutputFormat} from 'mediabunny'
 * @import {Container} from './containers.js'
 * @import {Frames} from './frames.js'
 * @import {Line, Part} from './pieces.js'
 *
 * @typedef {object} Copying
 * @property {Container} container
 * @property {OutputFormat} format
 * @property {number} lead microseconds that the result starts before its first piece, where nothing can be hidden
 *
 * @typedef {Part & {track: InputTrack, frames: Frames, end: number}} Medium a piece that mediabunny can read; `end` is the
 *   tick at which it ends
 */

const FACTS = { metadataOnly: true };

/** @param {Line} line @param {Copying} copying the codec to write, which the container must hold */
export async function codecOf({ main: { track } }, { format }) {
    const codec = await track?.getCodec();
    if (!codec) throw incapable('The browser does not know the codec of this track.', String(await track?.getInternalCodecId()));
    const held = /** @type {string[]} */ (format.getSupportedCodecs());
    if (!held.includes(codec)) throw incapable(`The browser cannot put ${codec} into this container.`, codec);
    return codec;
}

/** Where a piece of the picture, not the last, does not end cleanly. */
export function unsuited() {
    return incapable('A piece of the picture cannot end where it should: later pictures are needed there.', '', 'Cut it exactly.');
}

/**
 * @param {Line} line
 * @returns {Promise<Medium[]>}
 */
export async function mediaOf({ parts }) {
    const media = [];
    for (const part of parts) {
        const { track, frames, piece } = part;
        if (!track || !frames) throw incapable(`The browser cannot read track ${piece.track}.`, part.entry.slot?.codec ?? '');
        const medium = { ...part, track, frames, end: Math.min(frames.clock.at(piece.span.end), frames.limit) };
        await assertReadable(medium);
        media.push(medium);
    }
    return media;
}

/** @param {Medium} medium the last packet that will be needed must be there; a shortened file still lists it */
async function assertReadable({ frames, end }) {
    const time = frames.time(end - 0.5);
    const listed = await frames.sink.getPacket(time, FACTS);
    if (listed && !(await frames.sink.getPacket(time))) throw corrupt('The data of the last packets is missing.');
}

/**
 * How much the first key frames lie before what is to be shown.
 * @param {Line[]} lines
 * @returns {Promise<number>} microseconds
 */
export async function leadOf(lines) {
    let lead = 0;
    for (const { kind, parts: [{ frames, piece, isMade }] } of lines) {
        const key = kind === 'video' && !isMade ? await frames?.copyStart(piece.span) : null;
        if (key && frames) lead = Math.max(lead, piece.span.start - frames.us(key));
    }
    return lead;
}
