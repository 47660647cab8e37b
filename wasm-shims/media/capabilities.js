/** What this browser can encode, with mediabunny's own encoders where it has none. */

import { canEncodeAudio, getEncodableCodecs, getEncodableVideoCodecs } from 'mediabunny';
import { diesOfSound } from './webkitgtk.js';

/** @import {AudioCodec} from 'mediabunny' */

/**
 * Encoders that come as WebAssembly. Each is most of a megabyte, so it is loaded when it is first needed.
 * @type {Map<string, () => Promise<void>>}
 */
const OWN = new Map([
    ['aac', async () => (await import('@mediabunny/aac-encoder')).registerAacEncoder()],
    ['mp3', async () => (await import('@mediabunny/mp3-encoder')).registerMp3Encoder()],
    ['flac', async () => (await import('@mediabunny/flac-encoder')).registerFlacEncoder()],
]);

/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/**
 * Makes sure of an encoder for `codec`: the browser's own if it has one.
 * @param {AudioCodec} codec
 */
export async function ensureEncoder(codec) {
    const pending = asked.get(codec) ?? register(codec);
    asked.set(codec, pending);
    await pending;
}

/** @param {AudioCodec} codec */
async function register(codec) {
    const own = OWN.get(codec);
    if (own && !(await canEncodeAudio(codec))) await own();
}

/** @returns {Promise<{encode: string[]}>} mediabunny's codec names */
export async function capabilities() {
    // Whatever is encoded was decoded before: without sound here, FFmpeg makes all that has some.
    if (diesOfSound(navigator.userAgent)) return { encode: (await getEncodableVideoCodecs()).filter((codec) => codec !== 'av1') };
    return { encode: [...new Set([...(await getEncodableCodecs()), ...OWN.keys()])] };
}
