/** What a file is, as raw facts for Python to think about; never reads more than its ends and its index. */

import { ADTS, EncodedPacketSink, FLAC, MATROSKA, MP3, WAVE, WEBM } from 'mediabunny';
import { base64, read, reduced } from './bytes.js';
import { Clock } from './clock.js';
import { failure } from './failures.js';
import { COLORS, FORMATS, TAGS } from './names.js';
import { withOpened } from './opened.js';
import { listed, readAhead } from './samplelists.js';

/**
 * @import {Input, InputAudioTrack, InputFormat, InputTrack, InputVideoTrack, MetadataTags} from 'mediabunny'
 * @import {Call} from '../rpc.js'
 * @import {Entry, Opened} from './opened.js'
 * @import {Index, Slot} from './layout.js'
 */

const HEAD_BYTES = 4096;
const TIMESTAMPS = 300;
/** Packets from which the length of a stream without any index is estimated. */
const SAMPLED_PACKETS = 200;

/** Formats whose last packet is found only by reading all before it; their own word has to do. */
const SEQUENTIAL = new Set([MATROSKA, WEBM, MP3, WAVE, FLAC]);

const HEADED = new Set([MATROSKA, WEBM]);

/** Pixel shapes in use; mediabunny knows the picture's width in square pixels only, rounded. */
const SHAPES = '1/1 12/11 10/11 16/11 40/33 24/11 20/11 32/11 80/33 18/11 15/11 64/33 160/99 4/3 3/2 2/1 8/9 32/27 16/15 64/45'
    .split(' ')
    .map((shape) => shape.split('/').map(Number));

/**
 * @param {{file: Blob, source?: string}} args
 * @param {Pick<Call, 'signal'>} call
 * @returns {Promise<{sighting: object, decodable: number[]}>} a Sighting as sighting.py defines it, bytes as base64
 */
export async function probe({ file, source }, { signal }) {
    try {
        return await withOpened(file, signal, async (opened) => {
            const seen = await look(file, opened);
            if (source && opened.index) readAhead(opened.index);
            return seen;
        }, source);
    } catch (error) {
        throw await failure(error, file, 'read');
    }
}

/**
 * @param {Blob} file
 * @param {Opened} opened
 */
async function look(file, { input, format, entries, chapters, tags, index }) {
    const tracks = [];
    const decodable = [];
    for (const entry of entries) {
        tracks.push(await sighted(entry, format, file.size, index));
        if (entry.track && (await entry.track.canDecode())) decodable.push(entry.index);
    }
    const sighting = {
        head: base64(await read(file, 0, HEAD_BYTES)),
        size: file.size,
        end_us: await headerEnd(input, format),
        format_name: FORMATS.get(format.name) ?? format.name,
        tags: { ...tagsOf(await input.getMetadataTags()), ...tags },
        chapters,
        tracks,
    };
    return { sighting, decodable };
}

/** @param {Input} input @param {InputFormat} format when the file ends by its own header, which Matroska has for the whole only */
async function headerEnd(input, format) {
    const seconds = HEADED.has(format) ? await input.getDurationFromMetadata() : null;
    return seconds === null ? null : Math.round(seconds * 1e6);
}

/**
 * @param {Entry} entry
 * @param {InputFormat} format
 * @param {number} size bytes in the file
 * @param {Index | null} whole the index of an MP4
 */
async function sighted({ index, slot, track }, format, size, whole) {
    const stated = slot ? slotFacts(slot) : {};
    if (!track) return { index, ...stated };
    const clock = new Clock(await track.getTimeResolution());
    const common = {
        ...stated,
        index,
        kind: track.isVideoTrack() ? 'video' : 'audio',
        codec: (await track.getCodec()) ?? slot?.codec ?? String((await track.getInternalCodecId()) ?? 'unknown').toLowerCase(),
        codec_string: await track.getCodecParameterString(),
        time_base: rational(clock.scale),
        ...(await extent(track, clock, slot, format, size, whole)),
        language: slot?.language ?? (await track.getLanguageCode()),
        title: (await track.getName()) ?? slot?.title ?? null,
        disposition: slot?.disposition ?? [],
        bitrate: slot?.bitrate ?? null,
    };
    if (track.isVideoTrack()) return { ...common, ...(await picture(track, clock, slot)) };
    return track.isAudioTrack() ? { ...common, ...(await sound(track)) } : common;
}

/** @param {Slot} slot */
function slotFacts({ kind, codec, time_base, start = null, end = null, title = null, language = null, disposition = [], bitrate = null }) {
    return { kind, codec, time_base, start, end, title, language, disposition, bitrate };
}

/**
 * First and last presentation time in ticks.
 * @param {InputTrack} track
 * @param {Clock} clock
 * @param {Slot | null} slot
 * @param {InputFormat} format
 * @param {number} size
 * @param {Index | null} whole
 */
async function extent(track, clock, slot, format, size, whole) {
    const late = slot?.late ?? 0;
    const start = clock.tick(await track.getFirstTimestamp()) + late;
    const stated = SEQUENTIAL.has(format) ? await track.getDurationFromMetadata() : null;
    const seconds = stated ?? (format === ADTS ? await estimated(track, size) : await track.computeDuration());
    const until = track.isVideoTrack() && slot && whole ? shownUntil(slot, whole) : null;
    return { start, end: until ?? Math.min(clock.tick(seconds) + late, slot?.presented_end ?? Infinity) };
}

/**
 * The tick at which an edit list stops showing pictures. Their packets tell only how far they are apart in the order of
 * decoding, of which the last picture may not be the last.
 * @param {Slot} slot
 * @param {Index} whole
 */
function shownUntil({ id, start, presented_end }, { traks }) {
    const trak = traks.find((one) => one.id === id);
    try {
        const table = trak && presented_end !== undefined && presented_end !== null ? listed(trak) : null;
        // No picture is shown longer after the end of decoding than any is held back.
        return table?.count ? Math.min(Number(presented_end), (start ?? 0) + table.dts[table.count] + table.shifts()[1]) : null;
    } catch {
        // A list that is broken is told of when it is used.
        return null;
    }
}

/**
 * The length of a bare stream by the size of its first packets.
 * @param {InputTrack} track
 * @param {number} size
 */
async function estimated(track, size) {
    const { averageBitrate } = await track.computePacketStats(SAMPLED_PACKETS);
    return averageBitrate > 0 ? (size * 8) / averageBitrate : track.computeDuration();
}

/**
 * @param {InputVideoTrack} track
 * @param {Clock} clock
 * @param {Slot | null} slot
 */
async function picture(track, clock, slot) {
    const config = await track.getDecoderConfig();
    const { primaries, transfer, matrix, fullRange } = await track.getColorSpace();
    const color = (/** @type {string | null | undefined} */ name) => (name ? (COLORS.get(name) ?? name) : null);
    return {
        extradata: base64(config?.description ?? (await firstBytes(track))),
        width: await track.getCodedWidth(),
        height: await track.getCodedHeight(),
        rotation: await track.getRotation(),
        primaries: color(primaries),
        transfer: color(transfer),
        matrix: color(matrix),
        full_range: fullRange ?? null,
        // Of ProRes it says what the format may hold; each frame tells whether it does.
        alpha: (await track.getCodec()) !== 'prores' && (slot?.alpha || (await track.canBeTransparent())),
        pixel_aspect: slot?.pixel_aspect ?? (await pixelAspect(track)),
        timestamps: (await timestamps(track, clock)).map((tick) => tick + (slot?.late ?? 0)),
    };
}

/** @param {InputVideoTrack} track the start of the first key frame, where the codec's header lies if the container has none */
async function firstBytes(track) {
    const packet = await new EncodedPacketSink(track).getFirstKeyPacket();
    return packet?.data.subarray(0, HEAD_BYTES);
}

/** @param {InputVideoTrack} track */
async function pixelAspect(track) {
    const { num, den } = await track.getPixelAspectRatio();
    const width = await track.getCodedWidth();
    const rounded = Math.round((width * num) / den);
    const shape = SHAPES.find(([across, down]) => Math.round((width * across) / down) === rounded);
    return shape ? reduced(shape[0], shape[1]) : reduced(num, den);
}

/** @param {InputAudioTrack} track */
async function sound(track) {
    const config = await track.getDecoderConfig();
    return {
        extradata: base64(config?.description),
        channels: await track.getNumberOfChannels(),
        sample_rate: await track.getSampleRate(),
    };
}

/**
 * Presentation ticks of the first packets, in decode order.
 * @param {InputTrack} track
 * @param {Clock} clock
 */
async function timestamps(track, clock) {
    const ticks = [];
    for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
        ticks.push(clock.tick(packet.timestamp));
        if (ticks.length === TIMESTAMPS) break;
    }
    return ticks;
}

/** @param {MetadataTags} tags by FFmpeg's names */
function tagsOf(tags) {
    /** @type {Record<string, string>} */
    const named = {};
    for (const [key, name] of TAGS) {
        const value = tags[/** @type {keyof MetadataTags} */ (key)];
        if (typeof value === 'string' && value) named[name] = value;
    }
    if (tags.date) named.date = tags.date.toISOString().slice(0, 10);
    if (tags.trackNumber) named.track = ofTotal(tags.trackNumber, tags.tracksTotal);
    if (tags.discNumber) named.disc = ofTotal(tags.discNumber, tags.discsTotal);
    return named;
}

/** @param {number} number @param {number | undefined} total */
function ofTotal(number, total) {
    return total ? `${number}/${total}` : String(number);
}

/** @param {number} scale ticks per second, which Matroska may state as a fraction */
function rational(scale) {
    return Number.isInteger(scale) ? `1/${scale}` : `${Math.round(1e9 / scale)}/1000000000`;
}
