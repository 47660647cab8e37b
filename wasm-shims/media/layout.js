/**
 * All tracks of a file in FFmpeg's order, those mediabunny does not offer included.
 *
 * A track's `index` is its place in this list, so it is the same whichever engine looks or works.
 *
 * @import {InputFormat} from 'mediabunny'
 * @import {Box} from './boxes.js'
 * @import {Trak} from './mp4.js'
 * @typedef {{start_us: number, end_us: number, title: string | null}} Chapter
 *
 * @typedef {object} Slot what the container says of one track
 * @property {number | null} id the container's own number for it, which is mediabunny's too; null for what is no track to it
 * @property {'video' | 'audio' | 'subtitle' | 'data'} kind
 * @property {string} codec FFmpeg's name
 * @property {string} time_base
 * @property {string[]} [disposition]
 * @property {string | null} [title]
 * @property {string | null} [language]
 * @property {string | null} [pixel_aspect]
 * @property {boolean} [alpha] something may show through
 * @property {number | null} [start] ticks
 * @property {number | null} [end] ticks
 * @property {number | null} [presented_end] ticks at which the edit list stops presenting
 * @property {number} [edits] how many edits present something
 * @property {number} [delay_ns] what the codec's delay adds to the times of all packets
 * @property {number} [late] ticks by which FFmpeg shows everything later than the container says
 * @property {number | null} [bitrate]
 *
 * @typedef {{slots: Slot[], chapters: Chapter[], tags?: Record<string, string>, index?: Index}} Layout `tags` by FFmpeg's names
 *
 * @typedef {{bytes: Uint8Array, moov: Box, traks: Trak[]}} Index the whole index of an MP4 file
 */

import { MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from 'mediabunny';
import { readMatroska } from './matroska.js';
import { readMp4 } from './mp4.js';
import { readMpegTs } from './mpegts.js';

/** @type {Map<InputFormat, (file: Blob) => Promise<Layout | null>>} */
const READERS = new Map([
    [MP4, readMp4],
    [QTFF, readMp4],
    [MATROSKA, readMatroska],
    [WEBM, readMatroska],
    [MPEG_TS, readMpegTs],
]);

/**
 * @param {Blob} file
 * @param {InputFormat} format
 * @returns {Promise<Layout | null>} null where mediabunny's own list is all there is to know
 */
export async function readLayout(file, format) {
    const reader = READERS.get(format);
    return reader ? reader(file) : null;
}
