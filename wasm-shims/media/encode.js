/** Lanes that decode and encode pictures again, so that the result has exactly the frames of the span. */

import { canEncodeVideo, VideoSampleSink, VideoSampleSource } from 'mediabunny';
import { assertDecodable, codecOf, qualityOf } from './encoding.js';
import { incapable } from './failures.js';
import { inherited, shaped } from './lane.js';
import { Pace } from './pace.js';

/**
 * @import {InputVideoTrack, VideoCodec, VideoSample} from 'mediabunny'
 * @import {Clock} from './clock.js'
 * @import {Lane, Task} from './lane.js'
 */

/** What encoders take as it is; deeper or finer colour is drawn down to 8 bits first. */
const PLAIN = new Set(['I420', 'I420A', 'NV12', 'RGBA', 'RGBX', 'BGRA', 'BGRX']);
/** Codecs that halve the colour's resolution and so have no odd sizes. */
const EVEN = new Set(['avc', 'hevc']);
/** Packets from which the frame rate is told to the encoder, which shares out its bits by it. */
const SAMPLED_PACKETS = 60;
const MAX_RATE = 1000;
const FACTS = { metadataOnly: true };

/**
 * @param {Task} task
 * @param {InputVideoTrack} track
 * @returns {Promise<Lane>}
 */
export async function encodeVideo(task, track) {
    const { container, format, frames } = task;
    const codec = /** @type {VideoCodec} */ (codecOf(task));
    await assertDecodable(track);
    const clock = frames.clock.fine;
    const pictures = wantedFrames(task, track);
    const head = await pictures.next();
    const size = fittedSize(task);
    const draws = !head.done && (size !== null || mustDraw(head.value, codec, format.supportsVideoTransformationMetadata));
    if (!head.done) await assertEncodable(task, codec, head.value, draws);
    const source = sourceFor(task, codec, draws, await averageRate(track));
    const metadata = {
        ...(await inherited(track)),
        transformationMatrix: draws ? undefined : await track.getTransformationMatrix(),
        frameRate: container.hides ? clock.scale : undefined,
    };
    const pace = new Pace();
    return {
        source,
        pace,
        addTo: (output) => void output.addVideoTrack(source, metadata),
        close: () => {
            if (!head.done) head.value.close();
            void pictures.return();
        },
        async *run() {
            for (let step = head; !step.done; step = await pictures.next()) {
                const sample = step.value;
                const { duration } = sample;
                try {
                    retime(sample, task, clock);
                    pace.add({ timestamp: sample.timestamp, duration });
                    await (draws ? addDrawn(source, sample, size) : source.add(sample));
                    yield sample.timestamp + sample.duration;
                } finally {
                    sample.close();
                }
            }
            pace.endBy((task.span.end - task.span.start) / 1e6);
        },
    };
}

/**
 * @param {Task} task
 * @param {VideoCodec} codec
 * @param {boolean} draws
 * @param {number | undefined} framerate
 */
function sourceFor(task, codec, draws, framerate) {
    return new VideoSampleSource({
        codec,
        quality: qualityOf(task),
        latencyMode: 'quality',
        sizeChangeBehavior: 'passThrough',
        // mediabunny would tell the encoder the clock's rate, which stands where it expects that of the frames.
        onEncoderConfig: (config) => void (config.framerate = framerate),
        onEncodedPacket: (_, meta) => {
            if (meta?.decoderConfig && !draws) Object.assign(meta.decoderConfig, shaped(meta.decoderConfig, task));
        },
    });
}

/**
 * Puts a frame on the result's clock; the last one ends with the span.
 * @param {VideoSample} sample
 * @param {Task} task
 * @param {Clock} clock
 */
export function retime(sample, { frames, span }, clock) {
    const tick = Math.round((frames.tick(sample) * clock.scale) / frames.clock.scale);
    const timestamp = clock.seconds(tick - clock.at(span.start));
    sample.setTimestamp(timestamp);
    sample.setDuration(Math.max(0, Math.min(sample.duration, (span.end - span.start) / 1e6 - timestamp)));
}

/**
 * Exactly the frames that are presented in the span, each lasting until the next one is shown: what their packets say is how
 * far they are apart in the order of decoding.
 * @param {Task} task
 * @param {InputVideoTrack} track
 */
export async function* wantedFrames({ frames, span }, track) {
    const end = Math.min(frames.clock.at(span.end), frames.limit);
    const first = await frames.firstFrom(frames.clock.at(span.start));
    if (!first || frames.tick(first) >= end) return;
    if (!(await frames.trueKeyFor(first))) throw incapable('The browser cannot start decoding anywhere near this part of the file.');
    // Where an edit list ends the track, that is what ends its last frame.
    const after = end === frames.limit ? { timestamp: frames.time(end) } : await frames.firstFrom(end);
    const final = await frames.sink.getPacket(frames.time(end - 0.5), FACTS);
    // Some files have several pictures at one time.
    let left = final ? (await frames.between(frames.tick(final), frames.tick(final) + 1)).length : Infinity;
    /** @type {VideoSample | null} */
    let held = null;
    try {
        for await (const sample of new VideoSampleSink(track).samples(first.timestamp, frames.time(end - 0.5))) {
            const tick = frames.tick(sample);
            if (tick < frames.tick(first) || tick >= end) {
                sample.close();
                continue;
            }
            const ready = held;
            held = sample;
            if (ready) {
                lastUntil(ready, sample);
                yield ready;
            }
            // Or all up to the next key frame would be decoded.
            if (final && tick === frames.tick(final) && --left === 0) break;
        }
        const last = held;
        held = null;
        // If frames are missing at the end, the one before must not stand for them.
        if (last && after && final && frames.tick(last) === frames.tick(final)) lastUntil(last, after);
        if (last) yield last;
    } finally {
        held?.close();
    }
}

/** @param {VideoSample} sample @param {{timestamp: number}} next by the same clock */
function lastUntil(sample, next) {
    sample.setDuration(Math.max(0, next.timestamp - sample.timestamp));
}

/**
 * Whether frames have to be drawn anew: brought to 8 bits, to an even size, or turned where the container cannot say
 * that they are to be shown turned.
 * @param {VideoSample} sample
 * @param {VideoCodec} codec
 * @param {boolean} canSayTurned
 */
function mustDraw(sample, codec, canSayTurned) {
    const isPlain = sample.format !== null && PLAIN.has(sample.format);
    const isOdd = EVEN.has(codec) && (sample.codedWidth % 2 === 1 || sample.codedHeight % 2 === 1);
    const isTurned = sample.rotation !== 0 || sample.flip;
    return !isPlain || isOdd || (isTurned && !canSayTurned);
}

/**
 * The size that pictures have to match, in stored pixels.
 * @param {Task} task
 */
function fittedSize({ wanted: { width, height } }) {
    return width && height ? { width, height } : null;
}

/**
 * @param {VideoSampleSource} source
 * @param {VideoSample} sample
 * @param {{width: number, height: number} | null} size to fit it into, with black bars; it stays turned as it is stored
 */
async function addDrawn(source, sample, size) {
    if (size) sample.setRotation(0);
    const even = { left: 0, top: 0, width: sample.displayWidth & ~1, height: sample.displayHeight & ~1 };
    const drawn = await sample.transform({ ...(size ? { ...size, fit: /** @type {const} */ ('contain') } : { crop: even }), alpha: 'discard' });
    try {
        await source.add(drawn);
    } finally {
        drawn.close();
    }
}

/**
 * @param {Task} task
 * @param {VideoCodec} codec
 * @param {VideoSample} sample
 * @param {boolean} draws
 */
async function assertEncodable(task, codec, sample, draws) {
    const size = fittedSize(task);
    const width = size?.width ?? (draws ? sample.displayWidth & ~1 : sample.codedWidth);
    const height = size?.height ?? (draws ? sample.displayHeight & ~1 : sample.codedHeight);
    if (await canEncodeVideo(codec, { width, height, quality: qualityOf(task) })) return;
    throw incapable(`The browser cannot encode ${codec} at ${width}×${height}.`, codec);
}

/** @param {InputVideoTrack} track */
export async function averageRate(track) {
    const { averagePacketRate } = await track.computePacketStats(SAMPLED_PACKETS);
    return averagePacketRate > 0 && averagePacketRate < MAX_RATE ? averagePacketRate : undefined;
}
