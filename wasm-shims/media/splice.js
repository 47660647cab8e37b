/**
 * Pieces of MP4 and QuickTime files put together without moving their data: a new index in front of slices of the sources.
 *
 * The tracks' own descriptions are kept to the byte, so this works for every codec there is.
 */

import { MP4, QTFF } from 'mediabunny';
import { boxes, find } from './boxes.js';
import { boxed, mediaHeader } from './boxwriting.js';
import { fourcc } from './bytes.js';
import { chosen, scaleOf } from './chosen.js';
import { described } from './description.js';
import { shiftOffsets } from './edits.js';
import { corrupt, incapable, nothing } from './failures.js';
import { fragmentTables, isFragmented } from './fragmenttable.js';
import { dataOf, sliced } from './placing.js';
import { rejoined } from './rejoined.js';
import { Rewritten } from './rewritten.js';
import { arranged } from './runs.js';
import { inside, sampleEntries, stsdOf, withBox } from './sampleentry.js';
import { listed } from './samplelists.js';
import { splicedMoov } from './splicedmoov.js';
import { timecodeTrack } from './timecodetrack.js';
import { timeline } from './timeline.js';
import { UNLABELLED } from './tracklabels.js';

/**
 * @import {Assemble} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Place} from '../scratch/place.js'
 * @import {Cut, Found} from './chosen.js'
 * @import {Container} from './containers.js'
 * @import {Index} from './layout.js'
 * @import {Trak} from './mp4.js'
 * @import {Line, Part} from './pieces.js'
 * @import {Runs} from './runs.js'
 * @import {SampleTable} from './samples.js'
 * @import {Spliced} from './splicedmoov.js'
 */

const WIDEST = 0xffffffff;

/**
 * @param {Line[]} lines
 * @param {Container} container
 * @param {Assemble} step
 * @param {Place | null} scratch where samples may lie on disk that have to change
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<Blob | null>} null where a source is of a kind that cannot be spliced
 */
export async function splice(lines, container, step, scratch, call) {
    const parts = lines.flatMap((line) => line.parts);
    if (!container.hides || !parts.every((part) => isFamily(part, step.container))) return null;
    const found = await foundAll(lines, call.signal);
    if (!found) return null;
    const rewritten = new Rewritten(scratch, call);
    try {
        const tracks = [];
        for (const [i, line] of lines.entries()) {
            const track = await splicedTrack(line, found[i], rewritten);
            if (track) tracks.push(track);
        }
        if (tracks.length === 0) throw nothing();
        await addTimecode(tracks, step);
        numbered(tracks);
        await rewritten.finish();
        return await together(lines[0].main, tracks, container, step, call);
    } catch (error) {
        await rewritten.discard();
        throw error;
    }
}

/**
 * @param {Part} first
 * @param {Spliced[]} tracks
 * @param {Container} container
 * @param {Assemble} step
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function together(first, tracks, container, step, call) {
    const runs = arranged(tracks.map(({ times }) => times));
    const slices = sliced(runs);
    if (slices.some(({ file, end }) => end > file.size)) throw corrupt('The data of the last packets is missing.');
    const head = await beginning(first, tracks, runs, container, step);
    return new Blob([...head, ...(await dataOf(slices, call))], { type: container.mime });
}

/** @param {Part} part @param {string} name the container to write */
function isFamily({ opened: { format, index }, isMade }, name) {
    if (index === null) return false;
    return isMade ? format === MP4 || format === QTFF : format === (name === 'mov' ? QTFF : MP4);
}

/**
 * The samples of all tracks that pieces are of; each table is read once.
 * @param {Line[]} lines
 * @param {AbortSignal} signal
 * @returns {Promise<Found[][] | null>} by line and part
 */
async function foundAll(lines, signal) {
    /** @type {Map<Index, Map<Trak, SampleTable> | null>} */
    const tables = new Map();
    const all = [];
    for (const { parts } of lines) {
        const row = [];
        for (const part of parts) {
            const { opened: { index }, entry: { slot }, file } = part;
            const trak = index?.traks.find(({ id }) => id === slot?.id);
            if (!index || !trak) return null;
            if (!tables.has(index)) tables.set(index, isFragmented(index) ? await fragmentTables(file, index, signal) : new Map());
            const known = tables.get(index);
            const table = known?.get(trak) ?? listed(trak);
            if (!known || !table?.count) return null;
            known.set(trak, table);
            row.push({ part, trak, table, file });
        }
        all.push(row);
    }
    return all;
}

/**
 * @param {Line} line
 * @param {Found[]} found
 * @param {Rewritten} rewritten
 * @returns {Promise<Spliced | null>} null where nothing is left of the track
 */
async function splicedTrack(line, found, rewritten) {
    const trak = found[line.parts.indexOf(line.main)].trak;
    const { stsd, fitting } = await described(line, found);
    const scale = scaleOf(line, fitting);
    const cuts = await chosen(line, fitting, scale);
    const entries = await fitEntries(line, stsd, cuts, rewritten);
    const times = timeline(line, cuts, scale);
    return times && { trak, stsd: entries, times, id: trak.id, labels: line.wanted };
}

/**
 * Makes pieces of HEVC fit to follow one another.
 * @param {Line} line
 * @param {Uint8Array} stsd
 * @param {Cut[]} cuts
 * @param {Rewritten} rewritten
 * @returns {Promise<Uint8Array>} what describes them
 */
async function fitEntries({ kind, parts }, stsd, cuts, rewritten) {
    const [entry, ...more] = kind === 'video' && parts.length > 1 ? sampleEntries(stsd, kind) : [];
    const hvcC = entry && inside(entry, 'hvcC');
    if (!hvcC) return stsd;
    const record = await rejoined(cuts, hvcC, rewritten);
    if (record === hvcC) return stsd;
    if (more.length > 0) throw incapable('A track that changes in the middle cannot be joined with its own parts.', `${more.length + 1} sample entries`);
    return stsdOf([withBox(entry, 'hvcC', record)]);
}

/**
 * Keeps the timecode of the first picture that has one.
 * @param {Spliced[]} tracks
 * @param {Assemble} step
 */
async function addTimecode(tracks, step) {
    const picture = tracks.find(({ times }) => times.line.kind === 'video');
    const index = picture?.times.line.main.opened.index;
    const found = index && (await timecodeTrack(picture.times, index, picture.trak, step.duration_us));
    const stsd = found && find(found.trak.bytes, found.trak.box, 'mdia/minf/stbl/stsd');
    if (stsd) tracks.push({ ...found, stsd: found.trak.bytes.subarray(stsd.start, stsd.end), id: found.trak.id, labels: UNLABELLED });
}

/** Gives tracks new ids where their own are not unique. @param {Spliced[]} tracks */
function numbered(tracks) {
    if (new Set(tracks.map(({ id }) => id)).size === tracks.length) return;
    tracks.forEach((track, i) => void (track.id = i + 1));
}

/**
 * All that comes before the data.
 * @param {Part} first says what the result is as a whole
 * @param {Spliced[]} tracks
 * @param {Runs} runs
 * @param {Container} container
 * @param {Assemble} step
 */
async function beginning({ file, opened: { index } }, tracks, runs, { brand }, { metadata }) {
    if (!index) throw new Error('a spliced file has an index');
    const isWide = runs.size + index.bytes.length * 2 > WIDEST;
    const header = mediaHeader(runs.size);
    const ftyp = await fileType(file, brand);
    // The index tells where the data lies, which is behind the index: its size has to be known first.
    const moov = splicedMoov(index, tracks, runs, metadata, isWide);
    shiftOffsets(moov, ftyp.length + moov.length + header.length);
    return [ftyp, moov, header];
}

/**
 * The source's first box, which says what kind of file it is.
 * @param {Blob} file
 * @param {string} [brand] to say instead
 */
async function fileType(file, brand) {
    const bytes = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
    const [box] = boxes(bytes);
    if (box?.type !== 'ftyp') return boxed('ftyp', [fourcc('qt  \0\0\0\0qt  ')]);
    const ftyp = bytes.slice(box.start, box.end);
    if (brand) ftyp.set(fourcc(brand), box.body - box.start);
    return ftyp;
}
