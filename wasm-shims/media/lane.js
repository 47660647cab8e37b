/**
 * A lane carries one track from the source into the result. Lanes are driven in turn, always the one that is furthest
 * behind, so that the muxer never has to hold much of one track while it waits for another.
 *
 * @import {InputTrack, MediaSource, Output, OutputFormat} from 'mediabunny'
 * @import {ConvertTrack, Span} from '../../web/protocol.gen.js'
 * @import {Container} from './containers.js'
 * @import {Frames} from './frames.js'
 * @import {Entry} from './opened.js'
 *
 * @typedef {object} Task what is wanted of one track
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
 * @property {number} [ends] the time in the result, in seconds, at which what is presented ends
 */

import { ClipwrightError } from '../rpc.js';
import { corrupt } from './failures.js';

/** How much may be missing before a result counts as cut short by a damaged source. */
const TOLERANCE_S = 1;
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

/**
 * A picture's configuration with the exact shape of its pixels; mediabunny rounds it to a whole width.
 * @param {VideoDecoderConfig} config
 * @param {Task} task
 * @returns {VideoDecoderConfig}
 */
export function shaped(config, { entry }) {
    const [num, den] = (entry.slot?.pixel_aspect ?? '').split('/').map(Number);
    const { codedWidth, codedHeight } = config;
    if (!num || !den || !codedWidth || !codedHeight) return config;
    return { ...config, displayAspectWidth: codedWidth * num, displayAspectHeight: codedHeight * den };
}

/**
 * Drive all lanes to their ends.
 * @param {Lane[]} lanes
 * @param {(at: number) => void} onPosition how far the slowest lane has come, in seconds
 * @returns {Promise<number>} how far the furthest lane came
 */
export async function drive(lanes, onPosition) {
    let furthest = -Infinity;
    let running = lanes.map(({ source, run }) => ({ source, steps: run(), at: -Infinity }));
    try {
        while (running.length > 0) {
            const behind = running.reduce((a, b) => (b.at < a.at ? b : a));
            const step = await behind.steps.next();
            if (step.done) {
                behind.source.close();
                running = running.filter((lane) => lane !== behind);
            } else {
                behind.at = step.value;
                furthest = Math.max(furthest, step.value);
                onPosition(Math.min(...running.map(({ at }) => at)));
            }
        }
    } finally {
        running.forEach(({ steps }) => void steps.return().catch(() => {}));
    }
    return furthest;
}

/**
 * A source that was cut off in the middle yields fewer packets than it says it has, without any error.
 * @param {Task[]} tasks
 * @param {number} furthest
 */
export async function assertComplete(tasks, furthest) {
    if (furthest <= 0) throw new ClipwrightError('engine', 'There is nothing in this part of the file.');
    const stated = await Promise.all(tasks.map(({ track }) => track.getDurationFromMetadata()));
    const { span } = tasks[0];
    const expected = Math.min(span.end / 1e6, Math.max(0, ...stated.map((seconds) => seconds ?? 0))) - span.start / 1e6;
    if (furthest < expected - TOLERANCE_S) throw corrupt(`The data ends ${(expected - furthest).toFixed(1)} s too early.`);
}
