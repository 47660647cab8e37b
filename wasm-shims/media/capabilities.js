/** What this browser can encode, with mediabunny's own encoders where it has none. */

import { registerAacEncoder } from '@mediabunny/aac-encoder';
import { registerFlacEncoder } from '@mediabunny/flac-encoder';
import { registerMp3Encoder } from '@mediabunny/mp3-encoder';
import { canEncodeAudio, getEncodableCodecs } from 'mediabunny';

/** @type {Promise<void> | null} */
let registered = null;

/** Makes sure of an encoder for each of AAC, MP3 and FLAC: the browser's own if it has one. */
export function ensureEncoders() {
    registered ??= register();
    return registered;
}

async function register() {
    const [aac, mp3, flac] = await Promise.all([canEncodeAudio('aac'), canEncodeAudio('mp3'), canEncodeAudio('flac')]);
    if (!aac) registerAacEncoder();
    if (!mp3) registerMp3Encoder();
    if (!flac) registerFlacEncoder();
}

/** @returns {Promise<{encode: string[]}>} mediabunny's codec names */
export async function capabilities() {
    await ensureEncoders();
    return { encode: await getEncodableCodecs() };
}
