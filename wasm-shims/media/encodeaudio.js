/** Lanes that decode and encode sound again, so that the result has exactly the samples of the span. */

import { AudioSample, AudioSampleSource, canEncodeAudio } from 'mediabunny';
import { ensureEncoder } from './capabilities.js';
import { assertDecodable, codecOf, qualityOf } from './encoding.js';
import { incapable } from './failures.js';
import { inherited } from './lane.js';
import { samplesBetween } from './sound.js';
import { SoundPace } from './soundpace.js';

/**
 * @import {AudioCodec, AudioTransformOptions, InputAudioTrack} from 'mediabunny'
 * @import {Lane, Task} from './lane.js'
 */

/** Every encoder takes these where it does not take the source's own. */
const FALLBACK_RATE = 48_000;
const FALLBACK_CHANNELS = 2;
/** Codecs that keep more than 16 bits of a sample. */
const DEEP = /^pcm-(?:s24|s32|f)/;
/** Samples that come out of a decoder before the first that went into the encoder. */
const PRIMING = new Map([['aac', 1024]]);
const SILENCE_AT_ONCE_S = 1;

/**
 * @param {Task} task
 * @param {InputAudioTrack} track
 * @returns {Promise<Lane>}
 */
export async function encodeAudio(task, track) {
    const { container, frames, span } = task;
    const codec = /** @type {AudioCodec} */ (codecOf(task));
    await assertDecodable(track);
    await ensureEncoder(codec);
    const changes = await transform(task, track, codec);
    const metadata = await inherited(track);
    const rateIn = await track.getSampleRate();
    const channels = await track.getNumberOfChannels();
    let end = Math.min(span.end / 1e6, frames.clock.seconds(frames.limit));
    const rateOut = changes.sampleRate ?? rateIn;
    const early = (PRIMING.get(codec) ?? 0) / rateOut;
    const pace = new SoundPace(codec, rateOut);
    const source = new AudioSampleSource({ codec, quality: qualityOf(task), transform: changes, onEncodedPacket: ({ duration }) => pace.add(duration) });
    let seconds = 0;
    return {
        source,
        pace,
        addTo: (output) => void output.addAudioTrack(source, metadata),
        get ends() {
            return end - span.start / 1e6;
        },
        samples: () => Math.round(seconds * rateOut),
        async *run() {
            /** @type {number | null} */
            let next = null;
            for await (const whole of samplesBetween(track, frames, span.start / 1e6, end)) {
                const rate = whole.sampleRate;
                const zero = Math.round((span.start * rate) / 1e6);
                const sample = within(whole, (next ??= zero), Math.round(end * rate));
                if (!sample) continue;
                try {
                    const at = Math.round(sample.timestamp * rate);
                    if (!container.stamps && at > next) await addSilence(source, sample, next - zero, at - zero);
                    sample.setTimestamp((at - zero) / rate - (container.stamps ? early : 0));
                    next = at + sample.numberOfFrames;
                    await source.add(sample);
                    yield (seconds = (next - zero) / rate);
                } finally {
                    sample.close();
                }
            }
            if (seconds > 0) return;
            // The track stays, as others count on its place.
            end = span.end / 1e6;
            const length = end - span.start / 1e6;
            await addSilence(source, { format: 's16', numberOfChannels: channels, sampleRate: rateIn }, 0, Math.round(length * rateIn));
            yield (seconds = length);
        },
    };
}

/**
 * What must change for the encoder: depth where it would be wasted, rate and channels where it takes no other.
 * @param {Task} task
 * @param {InputAudioTrack} track
 * @param {AudioCodec} codec
 * @returns {Promise<AudioTransformOptions>}
 */
async function transform(task, track, codec) {
    const [sampleRate, numberOfChannels] = [await track.getSampleRate(), await track.getNumberOfChannels()];
    const isDeep = DEEP.test((await track.getCodec()) ?? '');
    /** @type {AudioTransformOptions} */
    const depth = codec === 'flac' ? { sampleFormat: isDeep ? 's32' : 's16' } : {};
    const channels = Math.min(numberOfChannels, FALLBACK_CHANNELS);
    const { sample_rate: rate, channels: count } = task.wanted;
    const fitted = rate && count ? { sampleRate: rate, numberOfChannels: count } : null;
    /** @type {AudioTransformOptions[]} */
    const attempts = fitted ? [fitted] : [{}, { numberOfChannels: channels }, { sampleRate: FALLBACK_RATE }, { sampleRate: FALLBACK_RATE, numberOfChannels: channels }];
    for (const attempt of attempts) {
        if (await canEncodeAudio(codec, { sampleRate, numberOfChannels, ...attempt, quality: qualityOf(task) })) return { ...depth, ...attempt };
    }
    throw incapable(`The browser cannot encode ${codec}.`, `${sampleRate} Hz, ${numberOfChannels} channels`);
}

/**
 * The part of a sample between two sample numbers; the whole is closed where another takes its place.
 * @param {AudioSample} whole
 * @param {number} from
 * @param {number} to
 */
function within(whole, from, to) {
    const origin = Math.round(whole.timestamp * whole.sampleRate);
    const start = Math.max(0, from - origin);
    const end = Math.min(whole.numberOfFrames, to - origin);
    if (start === 0 && end === whole.numberOfFrames) return whole;
    const part = start < end ? whole.trim(start, end) : null;
    whole.close();
    return part;
}

/**
 * Fills a gap in a result that has no time stamps to leave one open.
 * @param {AudioSampleSource} source
 * @param {Pick<AudioSample, 'format' | 'numberOfChannels' | 'sampleRate'>} like
 * @param {number} from sample number
 * @param {number} to
 */
async function addSilence(source, like, from, to) {
    const { format, numberOfChannels, sampleRate } = like;
    const middle = format.startsWith('u8') ? 0x80 : 0;
    const width = format.startsWith('u8') ? 1 : format.startsWith('s16') ? 2 : 4;
    for (let at = from; at < to; at += sampleRate * SILENCE_AT_ONCE_S) {
        const count = Math.min(to - at, sampleRate * SILENCE_AT_ONCE_S);
        const data = new Uint8Array(count * numberOfChannels * width).fill(middle);
        const silence = new AudioSample({ data, format, numberOfChannels, sampleRate, timestamp: at / sampleRate });
        try {
            await source.add(silence);
        } finally {
            silence.close();
        }
    }
}
