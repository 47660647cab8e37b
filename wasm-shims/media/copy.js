/** Lanes that move packets of pictures as they are. */

import { EncodedVideoPacketSource } from 'mediabunny';
import { bytesOf } from './bytes.js';
import { codecOf, mediaOf, unsuited } from './copying.js';
import { REORDER } from './frames.js';
import { lengthSizeOf } from './hevc.js';
import { joined } from './joining.js';
import { labelled, shaped } from './lane.js';
import { Pace } from './pace.js';
import { isSevered, restarted } from './severed.js';

/**
 * @import {EncodedPacket, InputVideoTrack, Rotation, VideoCodec} from 'mediabunny'
 * @import {Clock} from './clock.js'
 * @import {Copying, Medium} from './copying.js'
 * @import {Lane} from './lane.js'
 * @import {Line} from './pieces.js'
 */

const VERIFIED = { verifyKeyPackets: true };

/**
 * @param {Line} line
 * @param {Copying} copying
 * @returns {Promise<Lane>}
 */
export async function copyVideo(line, copying) {
    const { container, lead } = copying;
    const track = /** @type {InputVideoTrack} */ (line.main.track);
    const codec = /** @type {VideoCodec} */ (await codecOf(line, copying));
    const media = await mediaOf(line);
    const clock = line.main.clock.fine;
    const { config, changes } = await joined(line, media);
    const lengthSize = lengthSizeOf(config?.description ? bytesOf(config.description) : null);
    const meta = { decoderConfig: config ? shaped(/** @type {VideoDecoderConfig} */ (config), line.main) : undefined };
    const source = new EncodedVideoPacketSource(codec);
    const { rotation } = line.wanted;
    const turn = rotation === null ? { transformationMatrix: await track.getTransformationMatrix() } : { rotation: /** @type {Rotation} */ (rotation) };
    const metadata = { ...(await labelled(track, line.wanted)), ...turn, frameRate: container.hides ? clock.scale : undefined };
    const shift = (/** @type {Medium} */ { piece }) => clock.at(piece.at) - clock.at(piece.span.start - lead);
    const last = media[media.length - 1];
    const pace = new Pace();
    return {
        source,
        pace,
        addTo: (output) => void output.addVideoTrack(source, metadata),
        ends: clock.seconds(retimed(last.end, last.frames.clock, clock) + shift(last)),
        async *run() {
            let [latest, shown] = [-Infinity, -Infinity];
            for (const [i, medium] of media.entries()) {
                let isNew = codec === 'hevc' && i > 0 && isSevered(media[i - 1], medium);
                for await (const packet of neededUntil(medium, !container.hides)) {
                    const tick = medium.frames.tick(packet);
                    if (medium === last) shown = Math.max(shown, tick);
                    const timestamp = clock.seconds(retimed(tick, medium.frames.clock, clock) + shift(medium));
                    // The first one is what decoders must start from, be it a true key frame or not; a later one that is
                    // shown before frames of the group before it would be refused.
                    const type = latest === -Infinity ? 'key' : timestamp < latest ? 'delta' : packet.type;
                    latest = Math.max(latest, timestamp);
                    const data = changes[i](packet.data);
                    await source.add(packet.clone({ data: isNew ? restarted(data, lengthSize) : data, timestamp, type, sideData: {} }), meta);
                    isNew = false;
                    pace.add({ timestamp, duration: packet.duration });
                    yield timestamp + packet.duration;
                }
            }
            // Edit lists say it otherwise.
            const until = container.hides || shown === -Infinity ? null : await endOf(last, shown);
            if (until !== null) pace.endAt(clock.seconds(retimed(until, last.frames.clock, clock) + shift(last)));
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
 * The tick at which a piece's last picture is no more shown: at the end of the piece, or where it is shown behind that, when the next would be.
 * @param {Medium} medium
 * @param {number} shown its tick
 * @returns {Promise<number | null>} null where the source ends with it
 */
async function endOf({ frames, end }, shown) {
    const next = await frames.firstFrom(shown + 1);
    if (!next) return end === frames.limit ? end : null;
    return shown < end ? Math.min(end, frames.tick(next)) : frames.tick(next);
}

/**
 * The packets to decode for every frame that a piece shows. Among them are frames shown later that others refer to;
 * where the container cannot hide those, the frames up to them are kept as well, so that the picture does not jump.
 * @param {Medium} medium
 * @param {boolean} isShown what lies behind the end cannot be hidden
 * @returns {AsyncGenerator<EncodedPacket, void>}
 */
async function* neededUntil({ frames, piece, isFirst, isMade, isLast, ...medium }, isShown) {
    let { end } = medium;
    const key = isFirst && !isMade ? await frames.copyStart(piece.span) : await frames.frameFrom(frames.clock.at(piece.span.start));
    if (!key) return;
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
            if (later.length > 0 && !isLast) throw unsuited();
            yield* later;
            if (isShown) end = Math.max(end, ...later.map((kept) => frames.tick(kept)));
            later = [];
            yield packet;
        }
    }
}
