/** How sound decoders start: what they need beforehand, and what they leave out. */

import { AudioSampleSink } from 'mediabunny';

/**
 * @import {AudioSample, EncodedPacket, InputAudioTrack} from 'mediabunny'
 * @import {Frames} from './frames.js'
 */

/** Decoders need this much before the in point to have settled by then; 80 ms is the most, for Opus. */
const PREROLL_S = 0.1;
/** Every Opus packet is a whole number of these long, in samples at 48 kHz. */
const OPUS_GRAIN = 120;
/** Packet times of Matroska are whole milliseconds. */
const ROUNDING_S = 0.0011;

/** @param {string | null} codec seconds to start early */
export function prerollOf(codec) {
    return codec === null || codec === 'flac' || codec === 'ulaw' || codec === 'alaw' || codec.startsWith('pcm-') ? 0 : PREROLL_S;
}

/**
 * A track's samples from a little before `start` to `end`, at their true times.
 * @param {InputAudioTrack} track
 * @param {Frames} frames
 * @param {number} start presentation time in seconds
 * @param {number} end
 * @returns {AsyncGenerator<AudioSample, void>} each to be closed by whoever takes it
 */
export async function* samplesBetween(track, frames, start, end) {
    const codec = await track.getCodec();
    const delay = frames.clock.seconds(frames.delay);
    const early = start + delay - prerollOf(codec);
    const first = (await frames.sink.getPacket(early)) ?? (await frames.sink.getFirstPacket());
    if (!first) return;
    /** @type {number | null} */
    let late = null;
    for await (const sample of new AudioSampleSink(track).samples(first.timestamp, end + delay)) {
        late ??= await startLag(codec, frames, first, sample);
        sample.setTimestamp(sample.timestamp - delay + late);
        yield sample;
    }
}

/**
 * By how much the decoder's times lag behind. It counts from the first packet's time; but an Opus decoder leaves out
 * its delay at the start, wherever that is, and a Vorbis decoder makes nothing of its first packet.
 * @param {string | null} codec
 * @param {Frames} frames
 * @param {EncodedPacket} packet the first one
 * @param {AudioSample} sample what came of it
 */
async function startLag(codec, frames, packet, sample) {
    if (codec === 'vorbis') {
        const second = await frames.sink.getNextPacket(packet, { metadataOnly: true });
        return second ? Math.max(0, second.timestamp - sample.timestamp) : 0;
    }
    if (codec !== 'opus' || packet.duration - sample.duration <= ROUNDING_S) return 0;
    const whole = Math.round((packet.duration * sample.sampleRate) / OPUS_GRAIN) * OPUS_GRAIN;
    return Math.max(0, whole - sample.numberOfFrames) / sample.sampleRate;
}
