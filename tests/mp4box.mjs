/**
 * Reads an mp4 or mov file with MP4Box.js, a reader as QuickTime is one: `node mp4box.mjs <file>`.
 *
 * Prints as JSON what it complained of and, of every track, its edit list and its samples.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { createFile, Log, MP4BoxBuffer } from 'mp4box';

/** Samples that are handed back at a time. */
const BATCH = 100;

/** @type {string[]} */
const complaints = [];
// The log has no other outlet than the console; its first word is the time.
console.warn = (_, ...words) => complaints.push(`warning: ${words.join(' ')}`);
console.error = (_, ...words) => complaints.push(`error: ${words.join(' ')}`);
Log.setLogLevel(Log.warn);

/** @param {any} sample */
function told({ dts, cts, duration, is_sync: key, size, data }) {
    const holds = createHash('sha256').update(data).digest('hex').slice(0, 16);
    return { dts, cts, duration, key, size, bytes: data.byteLength, holds };
}

const movie = createFile(true);
/** @type {any[]} */
let tracks = [];
let timescale = 0;
movie.onError = (module, message) => complaints.push(`error: [${module}] ${message}`);
movie.onReady = (info) => {
    timescale = info.timescale;
    tracks = info.tracks.map(({ id, type, codec, language, timescale: scale, edits, nb_samples: promised }) => {
        const track = { kind: type, codec, language, timescale: scale, edits: edits ?? [], promised, samples: [] };
        movie.setExtractionOptions(id, track, { nbSamples: BATCH });
        return track;
    });
    movie.start();
};
movie.onSamples = (_, track, samples) => track.samples.push(...samples.map(told));

const { buffer } = new Uint8Array(await readFile(process.argv[2]));
movie.appendBuffer(MP4BoxBuffer.fromArrayBuffer(buffer, 0), true);
movie.flush();
process.stdout.write(JSON.stringify({ complaints, timescale, tracks }));
