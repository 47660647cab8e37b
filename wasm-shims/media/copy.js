/** Lanes that move packets as they are. */

import { EncodedAudioPacketSource, EncodedPacket, EncodedVideoPacketSource } from 'mediabunny';
import { corrupt, incapable } from './failures.js';
import { renumbering } from './flac.js';
import { REORDER } from './frames.js';
import { inherited, shaped } from './lane.js';
import { opusDelay } from './opusdelay.js';
import { prerollOf } from './sound.js';

/**
 * @import {AudioCodec, InputAudioTrack, InputVideoTrack, VideoCodec} from 'mediabunny'
 * @import {Clock} from './clock.js'
 * @import {Lane, Task} from './lane.js'
 */

const FACTS = { metadataOnly: true };
const VERIFIED = { verifyKeyPackets: true };

/** @param {string} codec bytes of one sample of one channel, 0 where packets cannot be cut */
function sampleBytes(codec) {
    if (codec === 'ulaw' || codec === 'alaw') return 1;
    const bits = /^pcm-[suf](\d+)/.exec(codec);
    return bits ? Number(bits[1]) / 8 : 0;
}

/** @param {Task} task the codec to write, which the container must hold */
async function codecOf({ track, format }) {
    const codec = await track.getCodec();
    if (!codec) throw incapable('The browser does not know the codec of this track.', String(await track.getInternalCodecId()));
    const held = /** @type {string[]} */ (format.getSupportedCodecs());
    if (!held.includes(codec)) throw incapable(`The browser cannot put ${codec} into this container.`, codec);
    return codec;
}

/** @param {Task} task the last packet that will be needed must be there; a shortened file still lists it */
async function assertReadable({ frames, span }) {
    const end = frames.time(Math.min(frames.clock.at(span.end), frames.limit) - 0.5);
    const listed = await frames.sink.getPacket(end, FACTS);
    if (listed && !(await frames.sink.getPacket(end))) throw corrupt('The data of the last packets is missing.');
}

/**
 * @param {Task} task
 * @param {InputVideoTrack} track
 * @param {EncodedPacket | null} key the key frame to start from; null where the span holds no frame
 * @returns {Promise<Lane>}
 */
export async function copyVideo(task, track, key) {
    const { frames, container, span } = task;
    const codec = /** @type {VideoCodec} */ (await codecOf(task));
    await assertReadable(task);
    const clock = frames.clock.fine;
    const zero = clock.at(span.start);
    const end = Math.min(frames.clock.at(span.end), frames.limit);
    const config = await track.getDecoderConfig();
    const meta = { decoderConfig: config ? shaped(config, task) : undefined };
    const source = new EncodedVideoPacketSource(codec);
    const matrix = await track.getTransformationMatrix();
    const metadata = { ...(await inherited(track)), transformationMatrix: matrix, frameRate: container.hides ? clock.scale : undefined };
    return {
        source,
        addTo: (output) => void output.addVideoTrack(source, metadata),
        ends: clock.seconds(retimed(end, frames.clock, clock) - zero),
        async *run() {
            let latest = -Infinity;
            for await (const packet of key ? neededUntil(task, key, end) : []) {
                const timestamp = clock.seconds(retimed(frames.tick(packet), frames.clock, clock) - zero);
                // The first one is what decoders must start from, be it a true key frame or not; a later one that is
                // shown before frames of the group before it would be refused.
                const type = latest === -Infinity ? 'key' : timestamp < latest ? 'delta' : packet.type;
                latest = Math.max(latest, timestamp);
                await source.add(packet.clone({ timestamp, type, sideData: {} }), meta);
                yield timestamp + packet.duration;
            }
        },
    };
}

/**
 * @param {number} tick
 * @param {Clock} from
 * @param {Clock} to
 */
function retimed(tick, from, to) {
    return Number.isFinite(tick) ? Math.round((tick * to.scale) / from.scale) : tick;
}

/**
 * The packets to decode, from a key frame on, for every frame that is shown from it to `end`. Among them are frames
 * shown later that others refer to; where the container cannot hide those, the frames up to them are kept as well, so
 * that the picture does not jump.
 * @param {Task} task
 * @param {EncodedPacket} key
 * @param {number} end tick
 */
async function* neededUntil({ frames, container }, key, end) {
    /** @type {EncodedPacket[]} */
    let later = [];
    for await (const packet of frames.sink.packets(key, undefined, VERIFIED)) {
        const tick = frames.tick(packet);
        // Pictures decoded after the key frame but shown before it refer to what is not there.
        if (tick < frames.tick(key)) continue;
        if (tick >= end) {
            later.push(packet);
            if (later.length > REORDER) return;
        } else {
            yield* later;
            if (!container.hides) end = Math.max(end, ...later.map((kept) => frames.tick(kept)));
            later = [];
            yield packet;
        }
    }
}

/**
 * @param {Task} task
 * @param {InputAudioTrack} track
 * @returns {Promise<Lane>}
 */
export async function copyAudio(task, track) {
    const { frames, container, span } = task;
    const codec = /** @type {AudioCodec} */ (await codecOf(task));
    await assertReadable(task);
    const bytes = sampleBytes(codec) * (await track.getNumberOfChannels());
    const rate = await track.getSampleRate();
    const meta = { decoderConfig: (await track.getDecoderConfig()) ?? undefined };
    const delay = codec === 'opus' && container.stamps && !container.hides ? opusDelay(meta.decoderConfig?.description) : 0;
    const source = new EncodedAudioPacketSource(codec);
    const metadata = await inherited(track);
    const first = await firstSound(task, prerollOf(codec), bytes > 0);
    const zero = container.stamps || !first || bytes > 0 ? span.start / 1e6 : frames.clock.seconds(frames.tick(first));
    const end = Math.min(frames.clock.at(span.end), frames.limit);
    return {
        source,
        addTo: (output) => void output.addAudioTrack(source, metadata),
        ends: Math.min(span.end / 1e6, frames.clock.seconds(frames.limit)) - zero,
        async *run() {
            let latest = -Infinity;
            const numbered = container.numbers ? renumbering() : null;
            for await (const whole of first ? frames.sink.packets(first) : []) {
                if (frames.tick(whole) >= end) return;
                const packet = bytes > 0 ? cut(whole, bytes, rate, span.start / 1e6, span.end / 1e6) : whole;
                if (!packet) continue;
                const timestamp = Math.max(latest, packet.timestamp - frames.clock.seconds(frames.delay) - zero + delay);
                latest = timestamp;
                await source.add(packet.clone({ timestamp, ...(numbered && { data: numbered(packet.data) }) }), meta);
                yield timestamp + packet.duration;
            }
        },
    };
}

/**
 * The packet to start from: with what the decoder needs before it where that is hidden, none from before the start
 * where it would be heard.
 * @param {Task} task
 * @param {number} preroll seconds
 * @param {boolean} cuttable packets are cut to the start
 */
async function firstSound({ frames, container, span }, preroll, cuttable) {
    const tick = frames.clock.at(span.start);
    const at = frames.time(tick + 0.25) - (container.hides ? preroll : 0);
    const packet = await frames.sink.getPacket(at);
    if (!packet) return frames.sink.getFirstPacket();
    if (container.hides || !container.stamps || cuttable || frames.tick(packet) >= tick) return packet;
    return frames.sink.getNextPacket(packet);
}

/**
 * The part of a packet of plain samples that lies in a span; null where none does.
 * @param {EncodedPacket} packet
 * @param {number} bytes of one sample of all channels
 * @param {number} rate
 * @param {number} start seconds
 * @param {number} end seconds
 */
function cut(packet, bytes, rate, start, end) {
    const count = Math.floor(packet.data.length / bytes);
    const origin = Math.round(packet.timestamp * rate);
    const from = Math.min(count, Math.max(0, Math.round(start * rate) - origin));
    const to = Math.max(from, Math.min(count, Math.round(end * rate) - origin));
    if (from === to) return null;
    return new EncodedPacket(packet.data.subarray(from * bytes, to * bytes), 'key', (origin + from) / rate, (to - from) / rate);
}
