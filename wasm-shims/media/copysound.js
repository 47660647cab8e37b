/** Lanes that move packets of sound as they are. */

import { EncodedAudioPacketSource, EncodedPacket } from 'mediabunny';
import { bytesOf } from './bytes.js';
import { codecOf, mediaOf } from './copying.js';
import { renumbering } from './flac.js';
import { joined } from './joining.js';
import { labelled } from './lane.js';
import { opusDelay } from './opusdelay.js';
import { opusLength, skipping } from './preskip.js';
import { silentPacket } from './silence.js';
import { prerollOf } from './sound.js';
import { SoundPace } from './soundpace.js';

/**
 * @import {AudioCodec, EncodedPacketSink, InputAudioTrack} from 'mediabunny'
 * @import {Copying, Medium} from './copying.js'
 * @import {Lane} from './lane.js'
 * @import {Line} from './pieces.js'
 *
 * @typedef {object} Sound
 * @property {number} rate
 * @property {number} bytes of one sample of all channels, 0 where packets cannot be cut
 * @property {number} preroll seconds
 * @property {boolean} skips decoders can be told what to leave out at the start
 * @property {number} delay seconds that they leave out of what comes first, as the result tells them
 * @property {(like: EncodedPacket) => ReturnType<typeof silentPacket>} silent a packet in which nothing is heard
 */

/**
 * @typedef {object} Heard times in the result, in seconds
 * @property {EncodedPacket} packet
 * @property {number} at
 * @property {number} until where the sound of its piece ends
 */

/** Sums of seconds are off by less than this. */
const ROUNDING_S = 1e-9;

/** @param {string} codec bytes of one sample of one channel, 0 where packets cannot be cut */
function sampleBytes(codec) {
    if (codec === 'ulaw' || codec === 'alaw') return 1;
    const bits = /^pcm-[suf](\d+)/.exec(codec);
    return bits ? Number(bits[1]) / 8 : 0;
}

/**
 * @param {Line} line
 * @param {Copying} copying
 * @returns {Promise<Lane>}
 */
export async function copyAudio(line, copying) {
    const { container, lead } = copying;
    const track = /** @type {InputAudioTrack} */ (line.main.track);
    const codec = /** @type {AudioCodec} */ (await codecOf(line, copying));
    const media = await mediaOf(line);
    const { config } = await joined(line, media);
    const told = config?.description ? bytesOf(config.description) : null;
    const delay = codec === 'opus' && container.stamps && !container.hides ? opusDelay(config?.description) : 0;
    /** @type {Sound} */
    const sound = {
        rate: await track.getSampleRate(),
        bytes: sampleBytes(codec) * (await track.getNumberOfChannels()),
        preroll: prerollOf(codec),
        skips: codec === 'opus' && !container.stamps,
        delay,
        silent: ({ data }) => silentPacket(codec, told, data),
    };
    const first = await firstSound(media[0], copying, sound);
    const head = sound.skips ? await skipping(media[0], first, config?.description) : null;
    const meta = { decoderConfig: /** @type {AudioDecoderConfig | undefined} */ (head ? { ...config, description: head } : config) };
    const source = new EncodedAudioPacketSource(codec);
    const metadata = await labelled(track, line.wanted);
    const isTimed = container.stamps || !first || sound.bytes > 0;
    // Without time stamps a result starts with its first packet.
    const early = isTimed ? 0 : (media[0].piece.span.start - lead) / 1e6 - media[0].frames.clock.seconds(media[0].frames.tick(first));
    /** @type {number | undefined} */
    let ends;
    const pace = new SoundPace(codec, sound.rate);
    return {
        source,
        pace,
        addTo: (output) => void output.addAudioTrack(source, metadata),
        get ends() {
            return ends;
        },
        async *run() {
            let latest = isTimed && delay === 0 ? -Infinity : 0;
            const numbered = container.numbers ? renumbering() : null;
            for await (const { packet, at, until } of packetsOf(media, copying, sound)) {
                ends = until + early;
                const timestamp = Math.max(latest, at + early + delay);
                latest = timestamp;
                pace.add(packet.duration);
                const data = numbered?.(packet.data, Math.round(packet.duration * sound.rate));
                // What is left of the last packet is where the sound ends.
                const duration = sound.skips ? Math.min(packet.duration || opusLength(packet.data), until - at) : packet.duration;
                await source.add(packet.clone({ timestamp, duration, ...(data && { data }) }), meta);
                yield timestamp + packet.duration;
            }
        },
    };
}

/**
 * All packets in a row. At a joint they go on without a gap, so that a packet belongs where its middle lies.
 * @param {Medium[]} media
 * @param {Copying} copying
 * @param {Sound} sound
 * @returns {AsyncGenerator<Heard, void>}
 */
async function* packetsOf(media, copying, sound) {
    let [played, usual] = [0, 0];
    let isHeard = false;
    for (const [i, medium] of media.entries()) {
        const { frames, piece, isFirst, isLast, end } = medium;
        const shift = (piece.at + copying.lead - piece.span.start) / 1e6;
        const begins = isLast ? 0 : await beginsAt(media[i + 1], copying, sound);
        const [starts, ends] = [piece.at, piece.at + piece.span.end - piece.span.start].map((us) => (us + copying.lead) / 1e6);
        const until = Math.min(ends, frames.clock.seconds(frames.limit) + shift);
        /** @type {Heard[]} */
        const early = [];
        const first = isFirst ? await firstSound(medium, copying, sound) : await before(medium, sound);
        let late = 0;
        let isBegun = isFirst;
        for await (const whole of first ? following(frames.sink, first) : []) {
            if (frames.tick(whole) >= end) break;
            const packet = sound.bytes > 0 ? cut(whole, sound, (piece.span.start - (isFirst ? copying.lead : 0)) / 1e6, piece.span.end / 1e6) : whole;
            if (!packet) continue;
            const at = packet.timestamp - frames.clock.seconds(frames.delay) + shift;
            // Matroska tells of most packets only when they begin.
            const lasts = packet.duration || usual;
            const half = lasts / 2;
            usual = lasts;
            if (!isBegun) {
                const from = Math.abs(starts - played) <= lasts ? played : starts;
                if (sound.bytes === 0 && at + half < from) continue;
                if (sound.bytes === 0 && !isLast && at + half >= ends) break;
                isBegun = true;
                // A late start stays one, as players know it.
                for (const silent of isHeard ? silence(packet, at - played, sound) : []) {
                    yield { packet: silent, at: played, until };
                    played += silent.duration;
                }
                const off = played - at;
                // Less than a tick: rounded times, which would add up over many pieces.
                late = sound.bytes === 0 && Math.abs(off) > frames.clock.seconds(1) + ROUNDING_S && Math.abs(off) <= half ? off : 0;
            }
            // A part that could not hide what lies before its start lacks the packet that began there: this one has it too.
            const stop = begins - ends < lasts ? Math.max(begins, ends) : ends;
            if (!isLast && sound.bytes === 0 && at + late + half >= stop) break;
            played = at + late + lasts;
            const heard = { packet, at: at + late, until };
            if (isFirst && played <= 0) {
                // What comes before the first piece is of use only if something follows.
                early.push(heard);
                continue;
            }
            for (const before of early.splice(0)) yield before;
            yield heard;
            isHeard = true;
        }
    }
}

/** When the first sound of a piece would be heard, in seconds of the result. @param {Medium} medium @param {Copying} copying @param {Sound} sound */
async function beginsAt(medium, { lead }, sound) {
    const { frames, piece } = medium;
    const packet = await before(medium, sound);
    return packet ? packet.timestamp - frames.clock.seconds(frames.delay) + (piece.at + lead - piece.span.start) / 1e6 : Infinity;
}

/**
 * What fills a gap that is longer than a packet; nothing where there is nothing to fill it with.
 * @param {EncodedPacket} like the packet behind it
 * @param {number} gap seconds
 * @param {Sound} sound
 */
function* silence(like, gap, { silent, bytes, rate }) {
    const packet = gap > like.duration ? silent(like) : null;
    if (!packet) return;
    const length = packet.seconds ?? like.data.length / bytes / rate;
    const count = bytes > 0 ? Math.floor(gap / length) : Math.round(gap / length);
    for (let i = 0; i < count; i++) yield new EncodedPacket(packet.data, 'key', 0, length);
    // Plain samples fill it exactly.
    const rest = bytes > 0 ? Math.round((gap - count * length) * rate) : 0;
    if (rest > 0) yield new EncodedPacket(packet.data.subarray(0, rest * bytes), 'key', 0, rest / rate);
}

/**
 * A packet and all behind it, each asked for while the one before is used. mediabunny's own `packets` keeps as many at
 * hand as were used within a second, in arrays that browsers take ever longer to shift: hours of small packets
 * took minutes.
 * @param {EncodedPacketSink} sink
 * @param {EncodedPacket} first
 */
async function* following(sink, first) {
    /** @type {EncodedPacket | null} */
    let packet = first;
    while (packet) {
        const next = sink.getNextPacket(packet);
        // Whoever stops in between does not hear of it.
        next.catch(() => {});
        yield packet;
        packet = await next;
    }
}

/** A packet some time before a piece starts. @param {Medium} medium @param {Sound} sound */
async function before({ frames, piece }, { preroll }) {
    const packet = await frames.sink.getPacket(frames.time(frames.clock.at(piece.span.start)) - preroll);
    return packet ?? frames.sink.getFirstPacket();
}

/**
 * The packet to start from: with what the decoder needs before it where that is hidden, none from before the start
 * where it would be heard.
 * @param {Medium} medium
 * @param {Copying} copying
 * @param {Sound} sound
 */
async function firstSound({ frames, piece, isMade }, { container, lead }, { preroll, bytes, skips, delay }) {
    // What an encoder of ours put in front belongs there.
    if (isMade && piece.span.start === 0) return frames.sink.getFirstPacket();
    const tick = frames.clock.at(piece.span.start - lead);
    const at = frames.time(tick + 0.25) - (container.hides || skips ? preroll : 0);
    const packet = await frames.sink.getPacket(at);
    if (!packet) return frames.sink.getFirstPacket();
    // Where a delay is told, its time and that of a packet may both be rounded.
    const early = delay > 0 ? frames.clock.tick(delay) + 1 : 0;
    if (container.hides || !container.stamps || bytes > 0 || frames.tick(packet) >= tick - early) return packet;
    return frames.sink.getNextPacket(packet);
}

/**
 * The part of a packet of plain samples that lies in a span; null where none does.
 * @param {EncodedPacket} packet
 * @param {Sound} sound
 * @param {number} start seconds
 * @param {number} end seconds
 */
function cut(packet, { bytes, rate }, start, end) {
    const count = Math.floor(packet.data.length / bytes);
    const origin = Math.round(packet.timestamp * rate);
    const from = Math.min(count, Math.max(0, Math.round(start * rate) - origin));
    const to = Math.max(from, Math.min(count, Math.round(end * rate) - origin));
    if (from === to) return null;
    return new EncodedPacket(packet.data.subarray(from * bytes, to * bytes), 'key', (origin + from) / rate, (to - from) / rate);
}
