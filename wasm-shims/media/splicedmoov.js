/** The index of a spliced result: that of its first source, with tracks made anew. */

import { boxes, find } from './boxes.js';
import { boxed, editList, headed, words } from './boxwriting.js';
import { sampleBoxes } from './sampleboxes.js';
import { movieTags } from './mp4tags.js';
import { labelled, spoken, trackTags } from './tracklabels.js';

/**
 * @import {AssembleTrack, Metadata} from '../../web/protocol.gen.js'
 * @import {Box} from './boxes.js'
 * @import {Index} from './layout.js'
 * @import {Runs} from './runs.js'
 * @import {Timeline} from './timeline.js'
 * @import {Trak} from './mp4.js'
 *
 * @typedef {object} Spliced a track of the result
 * @property {Trak} trak the source's, which describes it
 * @property {Uint8Array} stsd
 * @property {Timeline} times
 * @property {number} id
 * @property {Pick<AssembleTrack, 'language' | 'title' | 'disposition' | 'rotation'>} labels
 */

/** Parts of a track's table that are made anew, or that are of no use without the samples they were about. */
const REPLACED = new Set(['stsd', 'stts', 'ctts', 'stss', 'stps', 'stsz', 'stsc', 'stco', 'co64', 'sdtp', 'sbgp', 'sgpd', 'cslg', 'stsh', 'stdp', 'saiz', 'saio', 'subs']);
/** Parts of the index that are about the whole source: fragments, streams. */
const DROPPED = new Set(['mvex', 'iods', 'trak', 'udta', 'meta']);
/** References to what is not kept, or that the result makes for itself. */
const UNREFERRED = new Set(['chap', 'sync', 'scpt', 'hint']);

/**
 * @param {Index} index the first source's
 * @param {Spliced[]} tracks
 * @param {Runs} runs
 * @param {Metadata} metadata
 * @param {boolean} isWide offsets need 64 bits
 * @returns {Uint8Array<ArrayBuffer>} its offsets count from the start of the data
 */
export function splicedMoov({ bytes, moov }, tracks, runs, metadata, isWide) {
    const movie = tracks[0].times.scale;
    const ids = new Map(tracks.map((track) => [track.trak, track.id]));
    const made = tracks.map((track) => trackBox(track, runs, ids, movie, isWide));
    const parts = [];
    for (const child of boxes(bytes, moov.body, moov.end)) {
        if (child.type === 'mvhd') {
            const head = headed(bytes, child, { duration: Math.max(...made.map(({ shown }) => shown)), number: movie });
            head.set(words([Math.max(...tracks.map(({ id }) => id)) + 1]), head.length - 4);
            parts.push(head, ...made.map(({ box }) => box));
        } else if (!DROPPED.has(child.type)) parts.push(bytes.subarray(child.start, child.end));
    }
    return boxed('moov', [...parts, ...movieTags(bytes, moov, metadata)]);
}

/**
 * @param {Spliced} track
 * @param {Runs} runs
 * @param {Map<Trak, number>} ids
 * @param {number} movie ticks per second of durations in the index
 * @param {boolean} isWide
 */
function trackBox(track, runs, ids, movie, isWide) {
    const { trak: { bytes, box }, id, labels, times } = track;
    const ratio = movie / times.scale;
    const empty = Math.round(times.begin * ratio);
    // Rounded down: a frame that starts at the very end must not be let in by half a tick.
    const length = Math.floor(times.length * ratio + 1e-6);
    const head = [];
    const parts = [];
    for (const child of boxes(bytes, box.body, box.end)) {
        if (child.type === 'tkhd') head.push(labelled(headed(bytes, child, { duration: empty + length, number: id }), labels));
        else if (child.type === 'mdia') parts.push(mediaBox(track, child, sampleBoxes(times, runs, isWide)));
        else if (child.type === 'tref') parts.push(...references(bytes, child, ids));
        else if (child.type !== 'edts' && child.type !== 'udta') parts.push(bytes.subarray(child.start, child.end));
    }
    const tags = trackTags(bytes, find(bytes, box, 'udta'), labels);
    return { box: boxed('trak', [...head, editList(empty, length, times.from), ...parts, ...tags]), shown: empty + length };
}

/**
 * A track's references to other tracks of the result, by their new ids.
 * @param {Uint8Array} bytes
 * @param {Box} tref
 * @param {Map<Trak, number>} ids
 */
function references(bytes, tref, ids) {
    const known = new Map([...ids].filter(([trak]) => trak.bytes === bytes).map(([trak, id]) => [trak.id, id]));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const kept = boxes(bytes, tref.body, tref.end).flatMap(({ type, body, end }) => {
        const found = [];
        for (let at = body; at + 4 <= end; at += 4) found.push(known.get(view.getUint32(at)) ?? 0);
        const valid = found.filter((id) => id > 0);
        return valid.length > 0 && !UNREFERRED.has(type) ? [boxed(type, [words(valid)])] : [];
    });
    return kept.length > 0 ? [boxed('tref', kept)] : [];
}

/**
 * @param {Spliced} track
 * @param {Box} mdia
 * @param {Uint8Array[]} tables
 */
function mediaBox({ trak: { bytes }, stsd, times, labels }, mdia, tables) {
    /** @param {Box} parent @returns {Uint8Array} */
    const rebuilt = (parent) => boxed(parent.type, boxes(bytes, parent.body, parent.end).flatMap(part));
    /** @param {Box} child @returns {Uint8Array[]} */
    function part(child) {
        if (child.type === 'mdhd') return spoken(headed(bytes, child, { duration: times.dts[times.count], number: times.scale }), labels);
        if (child.type === 'elng' && labels.language) return [];
        if (child.type === 'minf') return [rebuilt(child)];
        if (child.type !== 'stbl') return [bytes.subarray(child.start, child.end)];
        const others = boxes(bytes, child.body, child.end).filter(({ type }) => !REPLACED.has(type));
        return [boxed('stbl', [stsd, ...others.map(({ start, end }) => bytes.subarray(start, end)), ...tables])];
    }
    return rebuilt(mdia);
}
