/**
 * A lane carries one track from the source into the result. Lanes run side by side, as one may decode while another
 * encodes, but none far ahead, so that the muxer never has to hold much of one track while it waits for another.
 *
 * @import {InputTrack, MediaSource, Output, OutputFormat} from 'mediabunny'
 * @import {AssembleTrack, ConvertTrack, Span} from '../../web/protocol.gen.js'
 * @import {Container} from './containers.js'
 * @import {Frames} from './frames.js'
 * @import {Pace} from './pace.js'
 * @import {Entry} from './opened.js'
 *
 * @typedef {object} Task what is to be encoded of one track
 * @property {ConvertTrack} wanted
 * @property {InputTrack} track
 * @property {Frames} frames
 * @property {Entry} entry
 * @property {Container} container
 * @property {OutputFormat} format
 * @property {Span} span absolute, in microseconds; its start becomes 0 in the result
 *
 * @typedef {object} Lane
 * @property {MediaSource} source
 * @property {(output: Output) => void} addTo adds the track to the result, before that is started
 * @property {() => AsyncGenerator<number, void>} run moves packets or frames; yields the time in the result, in seconds,
 *   up to which it has come
 * @property {() => void} [close] lets go of what was opened ahead, whether or not the lane was run
 * @property {() => number} [samples] how many samples of sound were encoded
 * @property {Pick<Pace, 'frame'> & Partial<Pick<Pace, 'ends'>>} [pace] how long the pictures or packets of sound last that were moved so far
 * @property {number} [ends] the time in the result, in seconds, at which what is presented ends
 */

import { corrupt, nothing } from './failures.js';

/** How much may be missing before a result counts as cut short by a damaged source. */
const TOLERANCE_S = 1;
/** How far a lane may run ahead of the slowest. */
const LEAD_S = 1;
const LANGUAGE = /^[a-z]{3}$/;

/**
 * What the result's track inherits from the source's.
 * @param {InputTrack} track
 */
export async function inherited(track) {
    const language = await track.getLanguageCode();
    return {
        languageCode: LANGUAGE.test(language) && language !== 'und' ? language : undefined,
        name: (await track.getName()) ?? undefined,
        disposition: await track.getDisposition(),
    };
}

/** FFmpeg's flags as mediabunny has them. */
const FLAGS = new Map([
    ['default', 'default'],
    ['forced', 'forced'],
    ['original', 'original'],
    ['comment', 'commentary'],
    ['hearing_impaired', 'hearingImpaired'],
    ['visual_impaired', 'visuallyImpaired'],
]);

/**
 * The same, with what is wanted instead.
 * @param {InputTrack} track
 * @param {AssembleTrack} wanted
 */
export async function labelled(track, { language, title, disposition }) {
    const flags = disposition && Object.fromEntries([...FLAGS].map(([flag, name]) => [name, disposition.includes(flag)]));
    return {
        ...(await inherited(track)),
        ...(language && { languageCode: LANGUAGE.test(language) ? language : undefined }),
        ...(title && { name: title }),
        ...(flags && { disposition: flags }),
    };
}

/**
 * A picture's configuration with the exact shape of its pixels; mediabunny rounds it to a whole width.
 * @param {VideoDecoderConfig} config
 * @param {{entry: Entry}} track
 * @returns {VideoDecoderConfig}
 */
export function shaped(config, { entry }) {
    const [num, den] = (entry.slot?.pixel_aspect ?? '').split('/').map(Number);
    const { codedWidth, codedHeight } = config;
    if (!num || !den || !codedWidth || !codedHeight) return config;
    return { ...config, displayAspectWidth: codedWidth * num, displayAspectHeight: codedHeight * den };
}

/**
 * Drive all lanes to their ends; the first that fails stops the others.
 * @param {Lane[]} lanes
 * @param {(at: number) => void} onPosition how far the slowest lane has come, in seconds
 * @returns {Promise<number>} how far the furthest lane came
 */
export async function drive(lanes, onPosition) {
    const running = new Set(lanes.map(({ source, run }) => ({ source, steps: run(), at: -Infinity })));
    const all = [...running];
    const slowest = () => Math.min(...[...running].map(({ at }) => at));
    /** @type {(() => void)[]} */
    const waiting = [];
    const release = () => waiting.splice(0).forEach((go) => go());

    /** @param {typeof all[number]} lane */
    async function follow(lane) {
        for (let step = await lane.steps.next(); !step.done; step = await lane.steps.next()) {
            lane.at = Math.max(lane.at, step.value);
            onPosition(slowest());
            release();
            while (running.has(lane) && lane.at - slowest() > LEAD_S) await new Promise((/** @type {(_: void) => void} */ go) => waiting.push(go));
            if (!running.has(lane)) return;
        }
        lane.source.close();
        running.delete(lane);
        release();
    }

    try {
        await Promise.all(all.map(follow));
    } finally {
        const stopped = [...running];
        running.clear();
        release();
        stopped.forEach(({ steps }) => void steps.return().catch(() => {}));
    }
    return Math.max(...all.map(({ at }) => at));
}

/**
 * A source that was cut off in the middle yields fewer packets than it says it has, without any error.
 * @param {{track: InputTrack}[]} tracks
 * @param {Span} span what they were to yield
 * @param {number} furthest seconds
 */
export async function assertComplete(tracks, span, furthest) {
    if (furthest <= 0) throw nothing();
    const stated = await Promise.all(tracks.map(({ track }) => track.getDurationFromMetadata()));
    const expected = Math.min(span.end / 1e6, Math.max(0, ...stated.map((seconds) => seconds ?? 0))) - span.start / 1e6;
    if (furthest < expected - TOLERANCE_S) throw corrupt(`The data ends ${(expected - furthest).toFixed(1)} s too early.`);
}
