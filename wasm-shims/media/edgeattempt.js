/** One attempt at encoding some pictures so that they can hardly be told from what they were. */

import { cancelled } from '../rpc.js';
import { incapable } from './failures.js';
import { alike, pictureOf } from './likeness.js';
import { addTo } from './originals.js';

/**
 * @import {VideoCodec, VideoSample} from 'mediabunny'
 * @import {Picture} from './likeness.js'
 * @import {Original} from './originals.js'
 * @typedef {{codec: VideoCodec, like: string | null, rate: number}} Facts `like` is the source's codec string, `rate` its
 *   frames per second
 * @typedef {{nth: number, times: number, isIntra: boolean}} Effort `nth` counts from 0, `times` as many bits as would do for
 *   most pictures; `isIntra`: every picture on its own, as some encoders overlook changes from one to the next
 */

/** Bits for each pixel where nothing better is known, for noise needs several times as many. */
const BITS_PER_PIXEL = 0.6;
/** Quantizers that give 42 dB or more, where an encoder lets us choose, and by how much the next attempt lowers them. */
const QUANTIZERS = new Map([['avc', 18], ['hevc', 18], ['vp8', 8], ['vp9', 16], ['av1', 16]]);
const LOWERED = 6;
/** Codec strings for any picture, where the source's is refused. */
const ANY = new Map([
    ['avc', ['avc1.640033', 'avc1.42e033']],
    ['hevc', ['hvc1.1.6.L153.B0']],
    ['vp8', ['vp8']],
    ['vp9', ['vp09.00.51.08']],
    ['av1', ['av01.0.13M.08']],
]);
/** Pictures that wait for the encoder or for the decoder. */
const QUEUE = 4;

export class Attempt {
    /**
     * @param {Facts} facts
     * @param {number} bitrate at least, in bits per second, times the effort's
     * @param {Effort} effort
     */
    constructor(facts, bitrate, effort) {
        this.facts = facts;
        this.bitrate = bitrate;
        this.effort = effort;
        /** The least similar picture's likeness, in decibels. */
        this.worst = Infinity;
        /** @type {EncodedVideoChunk[]} */
        this.chunks = [];
        /** @type {{timestamp: number, duration: number}[]} seconds of the result */
        this.times = [];
        /** @type {VideoDecoderConfig | null} */
        this.config = null;
        /** @type {Picture[]} pictures that have not come out again */
        this.originals = [];
        /** @type {Original[]} what may be compared with the result later */
        this.ends = [];
        /** @type {Promise<void>} */
        this.looking = Promise.resolve();
        /** @type {Promise<VideoEncoder> | null} */
        this.starting = null;
        /** @type {VideoEncoder | null} */
        this.encoder = null;
        /** @type {VideoDecoder | null} */
        this.decoder = null;
        /** Chunks to be thrown away. */
        this.unwanted = 0;
        /** @type {unknown} */
        this.failed = null;
        /** It was the encoder that failed: OpenH264 does when a picture becomes bigger than it has room for. */
        this.isRefused = false;
        this.options = {};
    }

    /**
     * Begin, where that takes time, with a picture like those that will come.
     * @param {VideoSample} sample stays the caller's
     */
    async rehearse(sample) {
        const frame = sample.toVideoFrame();
        try {
            await (this.starting ??= this.start(frame));
        } finally {
            frame.close();
        }
    }

    /** @param {VideoSample} sample stays the caller's @param {number} tick its time by the source's clock */
    async add(sample, tick) {
        const frame = sample.toVideoFrame();
        try {
            const encoder = await (this.starting ??= this.start(frame));
            const picture = await pictureOf(frame);
            this.originals.push(picture);
            addTo(this.ends, { tick, picture });
            this.times.push({ timestamp: sample.timestamp, duration: sample.duration });
            encoder.encode(frame, { keyFrame: this.effort.isIntra || this.times.length === 1, ...this.options });
        } finally {
            frame.close();
        }
        while (!this.failed && (this.encoder?.encodeQueueSize ?? 0) + (this.decoder?.decodeQueueSize ?? 0) > QUEUE) await new Promise((done) => setTimeout(done, 1));
        this.throwIfFailed();
    }

    /** Wait for all that was added. */
    async finish() {
        await this.encoder?.flush();
        await this.decoder?.flush();
        await this.looking;
        this.throwIfFailed();
        const isInOrder = this.chunks.every(({ timestamp }, i) => i === 0 || timestamp >= this.chunks[i - 1].timestamp);
        if (!isInOrder || this.chunks.length !== this.times.length || this.originals.length > 0) {
            throw incapable('The browser’s encoder reorders or drops pictures.', this.facts.codec);
        }
    }

    close() {
        this.failed ??= cancelled();
        for (const coder of [this.encoder, this.decoder]) if (coder && coder.state !== 'closed') coder.close();
    }

    throwIfFailed() {
        if (this.failed) throw this.failed;
    }

    /** @param {VideoFrame} frame the first one, or one like it */
    async start(frame) {
        const { config, quantizer } = await this.choose(/** @type {DOMRectReadOnly} */ (frame.visibleRect));
        this.throwIfFailed();
        const error = (/** @type {unknown} */ cause) => void (this.failed ??= cause);
        const refused = (/** @type {unknown} */ cause) => {
            this.isRefused = true;
            error(cause);
        };
        const encoder = new VideoEncoder({ output: (chunk, meta) => this.take(chunk, meta), error: refused });
        this.decoder = new VideoDecoder({ output: (decoded) => this.look(decoded), error });
        this.encoder = encoder;
        encoder.configure(config);
        if (quantizer !== null) this.options = { [this.facts.codec]: { quantizer } };
        else if (this.facts.codec === 'avc') {
            // OpenH264 encodes its very first picture coarsely whatever it may cost, but learns from it for the next.
            const rehearsal = new VideoFrame(frame, { timestamp: -Math.round(1e6 / this.facts.rate) });
            this.unwanted = 1;
            encoder.encode(rehearsal, { keyFrame: true });
            rehearsal.close();
        }
        return encoder;
    }

    /**
     * The first configuration that this browser supports: the source's profile before any, the browser's own encoder,
     * which is the same everywhere, before the machine's, a quantizer before a bitrate.
     * @param {{width: number, height: number}} size
     */
    async choose({ width, height }) {
        const { codec, like, rate } = this.facts;
        const quantizer = Math.max(2, (QUANTIZERS.get(codec) ?? 0) - LOWERED * this.effort.nth);
        const bitrate = Math.round(Math.max(this.bitrate, width * height * rate * BITS_PER_PIXEL) * this.effort.times);
        const format = codec === 'avc' ? { avc: { format: 'avc' } } : codec === 'hevc' ? { hevc: { format: 'hevc' } } : {};
        for (const hardwareAcceleration of ['prefer-software', 'no-preference']) {
            for (const full of [like?.replace('avc3', 'avc1'), ...(ANY.get(codec) ?? [])]) {
                for (const control of [{ bitrateMode: 'quantizer' }, { bitrateMode: 'variable', bitrate }]) {
                    const wanted = { codec: full ?? codec, width, height, framerate: rate, latencyMode: 'quality', hardwareAcceleration, ...control, ...format };
                    const config = /** @type {VideoEncoderConfig} */ (wanted);
                    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
                    if (supported) return { config, quantizer: control.bitrate ? null : quantizer };
                }
            }
        }
        throw incapable(`The browser cannot encode ${codec} at ${width}×${height}.`, codec);
    }

    /** @param {EncodedVideoChunk} chunk @param {EncodedVideoChunkMetadata} [meta] */
    take(chunk, meta) {
        this.config = meta?.decoderConfig ?? this.config;
        if (this.unwanted > 0) {
            this.unwanted--;
            return;
        }
        if (this.chunks.length === 0 && this.config) this.decoder?.configure({ ...this.config, optimizeForLatency: true });
        this.chunks.push(chunk);
        this.decoder?.decode(chunk);
    }

    /** @param {VideoFrame} decoded */
    look(decoded) {
        const original = this.originals.shift();
        this.looking = this.looking.then(async () => {
            const picture = await pictureOf(decoded).finally(() => decoded.close());
            this.worst = Math.min(this.worst, original ? alike(original, picture) : 0);
        }).catch((cause) => void (this.failed ??= cause));
    }
}
