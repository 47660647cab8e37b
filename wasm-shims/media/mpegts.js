/** What an MPEG transport stream's program map says, which mediabunny reads only for codecs it knows. */

import { Cursor, read, text } from './bytes.js';
import { MPEGTS_STREAMS } from './names.js';

/** @import {Layout, Slot} from './layout.js' */

const SYNC = 0x47;
/** Plain packets, with a 4-byte time stamp before (Blu-ray), with check bytes after. */
const PACKET_SIZES = [188, 192, 204];
const PAYLOAD = 188;
/** Program maps stand at the start mostly; they repeat at least every half second, which is the most of any broadcast. */
const SEARCH_BYTES = [256 << 10, 4 << 20];
const PRIVATE = 0x06;
const LANGUAGE = 0x0a;

/** Descriptors that tell what a private stream holds. */
/** @type {Map<number, {kind: Slot['kind'], codec: string}>} */
const DESCRIPTORS = new Map([
    [0x6a, { kind: 'audio', codec: 'ac3' }],
    [0x7a, { kind: 'audio', codec: 'eac3' }],
    [0x7b, { kind: 'audio', codec: 'dts' }],
    [0x59, { kind: 'subtitle', codec: 'dvb_subtitle' }],
    [0x56, { kind: 'subtitle', codec: 'dvb_teletext' }],
]);

/**
 * @param {Blob} file
 * @returns {Promise<Layout | null>}
 */
export async function readMpegTs(file) {
    for (const size of SEARCH_BYTES) {
        const slots = programs(await read(file, 0, size));
        if (slots) return { slots, chapters: [] };
    }
    return null;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Slot[] | null} null where a program's map is not among the bytes
 */
function programs(bytes) {
    const grid = packetGrid(bytes);
    const table = grid && section(bytes, grid, 0, 0x00);
    if (!table) return null;
    /** @type {Slot[]} */
    const slots = [];
    for (const pid of programMaps(table)) {
        const map = section(bytes, grid, pid, 0x02);
        if (!map) return null;
        for (const slot of streams(map)) {
            if (!slots.some(({ id }) => id === slot.id)) slots.push(slot);
        }
    }
    return slots;
}

/** @param {Uint8Array} bytes where packets start and how far apart, or null */
function packetGrid(bytes) {
    for (const size of PACKET_SIZES) {
        for (let start = 0; start < size; start++) {
            const synced = [0, 1, 2].every((i) => start + i * size >= bytes.length || bytes[start + i * size] === SYNC);
            if (synced && bytes.length > start + PAYLOAD) return { start, size };
        }
    }
    return null;
}

/**
 * The first complete table section of a PID, put together from its packets.
 * @param {Uint8Array} bytes
 * @param {{start: number, size: number}} grid
 * @param {number} wanted PID
 * @param {number} table
 * @returns {Uint8Array | null} from behind the length to before the checksum
 */
function section(bytes, { start, size }, wanted, table) {
    /** @type {number[]} */
    let parts = [];
    for (let at = start; at + PAYLOAD <= bytes.length; at += size) {
        if (bytes[at] !== SYNC || (((bytes[at + 1] & 0x1f) << 8) | bytes[at + 2]) !== wanted) continue;
        const begins = (bytes[at + 1] & 0x40) !== 0;
        const skip = bytes[at + 3] & 0x20 ? 5 + bytes[at + 4] : 4;
        const payload = bytes.subarray(at + skip, at + PAYLOAD);
        if (begins) parts = [...payload.subarray(1 + payload[0])];
        else if (parts.length) parts.push(...payload);
        const length = ((parts[1] & 0x0f) << 8) | parts[2];
        if (parts.length > 3 && parts[0] !== table) parts = [];
        else if (parts.length >= 3 + length && length > 4) return Uint8Array.from(parts.slice(3, 3 + length - 4));
    }
    return null;
}

/** @param {Uint8Array} table the program association table */
function programMaps(table) {
    const cursor = new Cursor(table).skip(5);
    const pids = [];
    while (cursor.left >= 4) {
        const program = cursor.u16();
        const pid = cursor.u16() & 0x1fff;
        if (program !== 0) pids.push(pid);
    }
    return pids;
}

/**
 * @param {Uint8Array} table a program map
 * @returns {Slot[]}
 */
function streams(table) {
    const cursor = new Cursor(table).skip(7);
    cursor.skip(cursor.u16() & 0x0fff);
    const slots = [];
    while (cursor.left >= 5) {
        const type = cursor.u8();
        const id = cursor.u16() & 0x1fff;
        const described = descriptors(cursor.take(Math.min(cursor.u16() & 0x0fff, cursor.left)));
        const known = /** @type {{kind: Slot['kind'], codec: string} | undefined} */ (MPEGTS_STREAMS.get(type));
        const { kind, codec } = (type === PRIVATE ? described.stream : known) ?? known ?? { kind: /** @type {const} */ ('data'), codec: 'bin_data' };
        slots.push({ id, kind, codec, language: described.language, time_base: '1/90000' });
    }
    return slots;
}

/** @param {Uint8Array} bytes */
function descriptors(bytes) {
    const cursor = new Cursor(bytes);
    /** @type {{stream?: {kind: Slot['kind'], codec: string}, language: string | null}} */
    const found = { language: null };
    while (cursor.left >= 2) {
        const tag = cursor.u8();
        const body = cursor.take(Math.min(cursor.u8(), cursor.left));
        found.stream ??= DESCRIPTORS.get(tag);
        if (tag === LANGUAGE && body.length >= 3) found.language = text(body.subarray(0, 3));
    }
    return found;
}
