/**
 * Lanes that encode the few pictures beside copied ones: so well that nobody sees where they begin, and each decoded
 * before the next, so that packets can follow each other without a look at their order.
 *
 * How well depends on the picture. So what was encoded is decoded at once and compared, and if it is not good enough
 * encoded again with more bits.
 */

import { EncodedPacket, EncodedVideoPacketSource, VideoSampleSink } from 'mediabunny';
import { averageRate, retime, wantedFrames } from './encode.js';
import { Attempt } from './edgeattempt.js';
import { assertDecodable, codecOf } from './encoding.js';
import { incapable } from './failures.js';
import { shaped } from './lane.js';
import { keepOriginals } from './originals.js';

/**
 * @import {InputVideoTrack, VideoCodec, VideoSample} from 'mediabunny'
 * @import {Lane, Task} from './lane.js'
 */

/** Decibels from which on nobody sees a difference. */
const GOOD = 42;
/** Below this, a last attempt is made with every picture on its own. */
const TOO_BAD = 39;
const ATTEMPTS = 3;
/** So many more are made where the encoder fails, with fewer bits each. */
const REFUSALS = 4;
/** How many times as many bits the next attempt gets, or as few. */
const RAISE = 3;
/** Formats that every encoder takes as they are. */
const PLAIN = new Set(['I420', 'NV12']);
const USUAL_RATE = 30;

/**
 * @param {Task} task
 * @param {InputVideoTrack} track
 * @returns {Promise<Lane>}
 */
export async function encodeEdge(task, track) {
    const codec = /** @type {VideoCodec} */ (codecOf(task));
    await assertDecodable(track);
    const clock = task.frames.clock.fine;
    const source = new EncodedVideoPacketSource(codec);
    const facts = { codec, like: await track.getCodecParameterString(), rate: (await averageRate(track)) ?? USUAL_RATE };
    const metadata = { transformationMatrix: await track.getTransformationMatrix(), frameRate: task.container.hides ? clock.scale : undefined };
    const length = (task.span.end - task.span.start) / 1e6;
    return {
        source,
        addTo: (output) => void output.addVideoTrack(source, metadata),
        async *run() {
            /** @type {Attempt | null} */
            let best = null;
            let before = 0;
            const bits = { taken: 0, refused: Infinity };
            for (let [nth, refusals] = [0, 0]; nth < ATTEMPTS && !isEnough(best, nth); ) {
                const times = timesOf(bits);
                const attempt = new Attempt(facts, task.wanted.bitrate ?? 0, { nth, times, isIntra: nth === ATTEMPTS - 1 });
                // Each may be the last but one, so each gets half of what is left.
                const share = (length - before) / 2;
                for await (const at of tried(attempt, task, track)) yield before + (at / length) * share;
                before += share;
                if (attempt.isRefused) {
                    bits.refused = times;
                    if (++refusals <= REFUSALS) continue;
                    if (best) break;
                    throw attempt.failed;
                }
                bits.taken = times;
                nth++;
                if (!best || attempt.worst > best.worst) best = attempt;
            }
            if (best) keepOriginals(track, best.ends);
            yield* written(source, task, best);
        },
    };
}

/**
 * How many times as many bits to try next: more than the encoder took, and less than it failed with.
 * @param {{taken: number, refused: number}} bits
 */
function timesOf({ taken, refused }) {
    if (taken === 0) return refused === Infinity ? 1 : refused / RAISE;
    return refused === Infinity ? taken * RAISE : Math.sqrt(taken * refused);
}

/** @param {Attempt | null} best @param {number} nth the next attempt */
function isEnough(best, nth) {
    return best !== null && best.worst >= (nth === ATTEMPTS - 1 ? TOO_BAD : GOOD);
}

/**
 * @param {Attempt} attempt
 * @param {Task} task
 * @param {InputVideoTrack} track
 * @returns {AsyncGenerator<number, void>} seconds of the result; ends early where the encoder refuses
 */
async function* tried(attempt, task, track) {
    const clock = task.frames.clock.fine;
    try {
        if (attempt.effort.nth === 0) void rehearsed(attempt, task, track).catch(() => {});
        for await (const sample of wantedFrames(task, track)) {
            try {
                assertPlain(sample);
                const tick = task.frames.tick(sample);
                retime(sample, task, clock);
                await attempt.add(sample, tick);
                yield sample.timestamp;
            } finally {
                sample.close();
            }
        }
        await attempt.finish();
    } catch (cause) {
        if (!attempt.isRefused) throw cause;
    } finally {
        attempt.close();
    }
}

/**
 * An encoder takes as long to start as decoding up to the edge does, which both can do at once.
 * @param {Attempt} attempt
 * @param {Task} task
 * @param {InputVideoTrack} track
 */
async function rehearsed(attempt, { frames, span }, track) {
    const first = await frames.firstFrom(frames.clock.at(span.start));
    const key = first && (await frames.trueKeyFor(first));
    if (!key || frames.tick(key) === frames.tick(first)) return;
    const sample = await new VideoSampleSink(track).getSample(key.timestamp);
    try {
        if (!sample) return;
        assertPlain(sample);
        await attempt.rehearse(sample);
    } finally {
        sample?.close();
    }
}

/** @param {VideoSample} sample */
function assertPlain({ format }) {
    if (format === null || !PLAIN.has(format)) throw incapable('The browser cannot encode pictures as deep as these.', String(format));
}

/**
 * @param {EncodedVideoPacketSource} source
 * @param {Task} task
 * @param {Attempt | null} attempt
 * @returns {AsyncGenerator<number, void>}
 */
async function* written(source, task, attempt) {
    if (!attempt?.config) return;
    const meta = { decoderConfig: shaped(attempt.config, task) };
    for (const [i, chunk] of attempt.chunks.entries()) {
        const { timestamp, duration } = attempt.times[i];
        await source.add(EncodedPacket.fromEncodedChunk(chunk).clone({ timestamp, duration }), meta);
        yield timestamp + duration;
    }
}
