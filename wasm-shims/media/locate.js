/** Where a track can be cut near a wanted time. */

import { ClipwrightError } from '../rpc.js';
import { failure, incapable } from './failures.js';
import { Frames } from './frames.js';
import { withOpened } from './opened.js';

/**
 * @import {CutPoint, Span} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 */

/**
 * @param {{file: Blob, track: number, span: Span}} args absolute presentation time
 * @param {Pick<Call, 'signal'>} call
 * @returns {Promise<Partial<CutPoint>>}
 */
export async function locate({ file, track: index, span }, { signal }) {
    try {
        return await withOpened(file, signal, async ({ entries }) => {
            const entry = entries[index];
            if (!entry) throw new ClipwrightError('bad_request', `There is no track ${index}.`, { path: '$.track' });
            if (!entry.track) throw incapable(`The browser cannot read track ${index}.`, entry.slot?.codec);
            const frames = await Frames.of(entry, entry.track);
            const tick = frames.clock.at(span.start);
            const first = await frames.firstFrom(tick);
            const key = first && (await frames.keyFor(first));
            const next = first && (await frames.keyFrom(key, tick));
            const us = (/** @type {typeof first} */ packet) => packet && frames.us(packet);
            return { first_frame: us(first), key_frame: us(key), next_key_frame: us(next) };
        });
    } catch (error) {
        throw await failure(error, file, 'read');
    }
}
