/**
 * Zip archives of files that are compressed already, by APPNOTE.TXT 6.3.10 of PKWARE: stored, with zip64 where it is needed.
 *
 * The archive is a Blob made of small headers and of the files themselves, so that nothing is copied: a file is read once,
 * for its checksum.
 */

import { crc32 } from './crc32.js';
import { cancelled, throttled } from './rpc.js';

/**
 * @import {Progress} from './rpc.js'
 * @typedef {{name: string, blob: Blob}} Entry `name`: in the archive, one that no other entry has
 * @typedef {{name: Uint8Array<ArrayBuffer>, size: number, checksum: number, offset: number}} Stored
 */

const CHUNK = 1 << 22;
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
const UTF_8 = 1 << 11;
const VERSION = 20;
const VERSION_ZIP64 = 45;

/**
 * @param {Entry[]} entries
 * @param {{signal?: AbortSignal, onProgress?: (value: Progress) => void}} [options]
 * @returns {Promise<Blob>} the archive
 */
export async function zip(entries, { signal, onProgress = () => {} } = {}) {
    const total = entries.reduce((sum, { blob }) => sum + blob.size, 0);
    const tell = throttled(onProgress);
    const when = dosTime(new Date());
    /** @type {BlobPart[]} */
    const parts = [];
    /** @type {BlobPart[]} */
    const directory = [];
    let offset = 0;
    let read = 0;
    for (const { name, blob } of entries) {
        let checksum = 0;
        for (let at = 0; at < blob.size; at += CHUNK) {
            if (signal?.aborted) throw cancelled();
            const chunk = new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer());
            checksum = crc32(chunk, checksum);
            read += chunk.length;
            tell({ done: Math.min(read / total, 1), stage: 'Packing', eta_s: null });
        }
        const stored = { name: new TextEncoder().encode(name), size: blob.size, checksum, offset };
        const header = localHeader(stored, when);
        parts.push(header, blob);
        directory.push(directoryEntry(stored, when));
        offset += header.length + blob.size;
    }
    const listing = new Blob(directory);
    return new Blob([...parts, listing, ...endings(entries.length, offset, listing.size)], { type: 'application/zip' });
}

/**
 * 4.3.7: what stands before a file.
 * @param {Stored} entry
 * @param {number} when
 */
function localHeader({ name, size, checksum }, when) {
    const large = size >= MAX_32;
    const extra = large ? zip64Extra([size, size]) : new Uint8Array();
    const fields = [
        u32(0x04034b50), u16(large ? VERSION_ZIP64 : VERSION), u16(UTF_8), u16(0), u32(when), u32(checksum),
        u32(Math.min(size, MAX_32)), u32(Math.min(size, MAX_32)), u16(name.length), u16(extra.length), name, extra,
    ];
    return joined(fields);
}

/**
 * 4.3.12: what the directory at the end says of a file.
 * @param {Stored} entry
 * @param {number} when
 */
function directoryEntry({ name, size, checksum, offset }, when) {
    const wide = [...(size >= MAX_32 ? [size, size] : []), ...(offset >= MAX_32 ? [offset] : [])];
    const extra = wide.length ? zip64Extra(wide) : new Uint8Array();
    const version = u16(wide.length ? VERSION_ZIP64 : VERSION);
    return joined([
        u32(0x02014b50), version, version, u16(UTF_8), u16(0), u32(when), u32(checksum),
        u32(Math.min(size, MAX_32)), u32(Math.min(size, MAX_32)), u16(name.length), u16(extra.length),
        u16(0), u16(0), u16(0), u32(0), u32(Math.min(offset, MAX_32)), name, extra,
    ]);
}

/**
 * 4.3.14 to 4.3.16: where the directory is.
 * @param {number} count
 * @param {number} offset
 * @param {number} size
 */
function endings(count, offset, size) {
    const short = Math.min(count, MAX_16);
    const last = joined([u32(0x06054b50), u16(0), u16(0), u16(short), u16(short), u32(Math.min(size, MAX_32)), u32(Math.min(offset, MAX_32)), u16(0)]);
    if (count < MAX_16 && offset < MAX_32 && size < MAX_32) return [last];
    const version = u16(VERSION_ZIP64);
    const record = joined([u32(0x06064b50), u64(44), version, version, u32(0), u32(0), u64(count), u64(count), u64(size), u64(offset)]);
    const locator = joined([u32(0x07064b50), u32(0), u64(offset + size), u32(1)]);
    return [record, locator, last];
}

/**
 * 4.5.3: numbers that do not fit into 32 bits.
 * @param {number[]} values
 */
function zip64Extra(values) {
    return joined([u16(1), u16(8 * values.length), ...values.map(u64)]);
}

/**
 * 4.4.6: the time in the low half, the date in the high one.
 * @param {Date} when
 */
function dosTime(when) {
    const time = (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1);
    const date = ((when.getFullYear() - 1980) << 9) | ((when.getMonth() + 1) << 5) | when.getDate();
    return date * 0x10000 + time;
}

/** @param {number} value */
const u16 = (value) => new Uint8Array([value, value >>> 8]);
/** @param {number} value */
const u32 = (value) => joined([u16(value), u16(value >>> 16)]);
/** @param {number} value */
const u64 = (value) => joined([u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32))]);

/** @param {Uint8Array[]} fields */
function joined(fields) {
    const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
    let at = 0;
    for (const field of fields) {
        bytes.set(field, at);
        at += field.length;
    }
    return bytes;
}
