/** Packets of several tracks made fit to follow each other in one: they are joined only where one description fits all. */

import { mergeAvcC, writeAvcC } from './avc.js';
import { announces, rewriter } from './avcrewrite.js';
import { bytesOf, isEqual } from './bytes.js';
import { incapable } from './failures.js';
import { joinedHevc } from './joininghevc.js';
import { joinUnits, nalUnits } from './nal.js';

/**
 * @import {InputTrack} from 'mediabunny'
 * @import {Medium} from './copying.js'
 * @import {Line} from './pieces.js'
 *
 * @typedef {(data: Uint8Array) => Uint8Array} Change of one packet's data
 * @typedef {VideoDecoderConfig | AudioDecoderConfig} Config
 */

const HINT = 'Cut them exactly, or one by one.';
const LENGTH_SIZE = 4;
/** Kinds of NAL units that are told beforehand, or that part samples where nothing else does. */
const [SPS, PPS, DELIMITER] = [7, 8, 9];
/** Codecs whose streams describe themselves. */
const SELF_DESCRIBED = new Set(['vp8', 'vp9', 'av1', 'mp3', 'ac3', 'eac3', 'opus', 'vorbis']);

/**
 * @param {Line} line
 * @param {Medium[]} media
 * @returns {Promise<{config: Config | undefined, changes: Change[]}>} what to tell the muxer, and what to do with each
 *   piece's packets
 */
export async function joined({ main }, media) {
    const own = /** @type {Medium} */ (media.find(({ piece }) => piece === main.piece));
    const config = await configOf(own.track);
    const others = media.filter(({ track }) => track !== own.track);
    for (const other of others) await assertAlike(own.track, other.track);
    const codec = await own.track.getCodec();
    if (codec === 'avc' && config) return joinedAvc(own, media, /** @type {VideoDecoderConfig} */ (config));
    if (codec === 'hevc' && config) return joinedHevc(media, /** @type {VideoDecoderConfig} */ (config));
    return { config, changes: media.map(() => (data) => data) };
}

/**
 * @param {InputTrack} ours
 * @param {InputTrack} theirs
 */
async function assertAlike(ours, theirs) {
    const [codec, other] = [await ours.getCodec(), await theirs.getCodec()];
    if (codec !== other) throw different('in codec', codec ?? 'unknown', other ?? 'unknown');
    const [shape, otherShape] = [await shapeOf(ours), await shapeOf(theirs)];
    if (shape !== otherShape) throw different(ours.isVideoTrack() ? 'in size' : 'in their sound', shape, otherShape);
    if (codec === 'avc' || codec === null || SELF_DESCRIBED.has(codec)) return;
    const [one, two] = [await described(ours), await described(theirs)];
    if (one !== two) throw different('in how they were encoded', one, two);
}

/** @param {InputTrack} track */
async function shapeOf(track) {
    if (track.isVideoTrack()) return `${await track.getCodedWidth()}×${await track.getCodedHeight()}`;
    return track.isAudioTrack() ? `${await track.getSampleRate()} Hz, ${await track.getNumberOfChannels()} channels` : '';
}

/** @param {InputTrack} track @returns {Promise<Config | undefined>} */
async function configOf(track) {
    if (!track.isVideoTrack() && !track.isAudioTrack()) return undefined;
    return (await track.getDecoderConfig()) ?? undefined;
}

/** @param {InputTrack} track */
async function described(track) {
    const config = await configOf(track);
    return config?.description ? Array.from(bytesOf(config.description), (byte) => byte.toString(16).padStart(2, '0')).join('') : '';
}

/** @param {string} what @param {string} one @param {string} other */
function different(what, one, other) {
    const said = one.length + other.length < 80 ? ` (${one} and ${other})` : '';
    return incapable(`These parts cannot be joined without encoding them again: they differ ${what}${said}.`, `${one} against ${other}`, HINT);
}

/**
 * H.264 as samples of units with their length before, its parameter sets told beforehand.
 * @param {Medium} own
 * @param {Medium[]} media
 * @param {VideoDecoderConfig} config
 */
async function joinedAvc(own, media, config) {
    const isWhole = media.every(({ track }) => track === own.track);
    if (isWhole && config.description) return { config, changes: media.map(() => (/** @type {Uint8Array} */ data) => data) };
    let { record, change } = await formOf(own);
    const known = new Map([[own.track, change]]);
    let edges = 0;
    for (const medium of media) {
        if (known.has(medium.track)) continue;
        const theirs = await formOf(medium);
        const isFit = !medium.isMade || announces(record, theirs.record);
        const merged = isFit ? mergeAvcC(record, theirs.record) : null;
        const rewritten = merged ? null : rewriter(record, theirs.record, edges++);
        known.set(medium.track, rewritten ? (data) => rewritten.rewrite(theirs.change(data)) : theirs.change);
        record = merged ?? rewritten?.config ?? record;
    }
    return { config: { ...config, description: record }, changes: media.map(({ track }) => /** @type {Change} */ (known.get(track))) };
}

/**
 * The avcC of a piece, made of its first key frame where units are parted by start codes, and what brings its packets
 * into the form with lengths.
 * @param {Medium} medium
 * @returns {Promise<{record: Uint8Array, change: Change}>}
 */
async function formOf({ track, frames, piece }) {
    const config = await configOf(track);
    if (config?.description) return { record: bytesOf(config.description), change: (data) => data };
    const packet = (await frames.sink.getKeyPacket(frames.time(frames.clock.at(piece.span.start) + 0.25))) ?? (await frames.sink.getFirstKeyPacket());
    const units = packet ? [...nalUnits(packet.data, 0)] : [];
    const [sps, pps] = [SPS, PPS].map((type) => units.filter((unit) => (unit[0] & 31) === type).map((unit) => unit.slice()));
    if (sps.length === 0 || pps.length === 0) throw incapable('The pictures lack their parameters where they should start.', 'no parameter sets in a key frame');
    const [, profile, compat, level] = sps[0];
    const record = writeAvcC({ profile, compat, level, lengthSize: LENGTH_SIZE, sps, pps, ext: new Uint8Array() });
    return { record, change: withLengths([...sps, ...pps]) };
}

/**
 * @param {Uint8Array[]} known parameter sets that are told beforehand
 * @returns {Change}
 */
function withLengths(known) {
    return (data) => {
        const units = [...nalUnits(data, 0)].filter((unit) => {
            const type = unit[0] & 31;
            const isSet = type === SPS || type === PPS;
            if (isSet && !known.some((set) => isEqual(set, unit))) throw incapable('The parameters of the pictures change in the middle.');
            return !isSet && type !== DELIMITER;
        });
        return joinUnits(units, LENGTH_SIZE);
    };
}
