/** What is asked for, put together from every part of the page. */

/**
 * @import {ClipRequest, Media} from '../protocol.gen.js'
 * @import {CutWish} from '../clipwright.js'
 * @import {Segments} from './segments.js'
 * @import {Sources} from './sources.js'
 * @import {Tracks} from './tracks.js'
 * @import {Selection} from './selection.js'
 * @typedef {{media: readonly Media[], main: string, clip: Partial<ClipRequest> | null, cut: CutWish}} Order `media`: as the
 *   request numbers them; `main`: the id of the one that plays; `clip`: the same as `cut`, where it is one span of one file
 * @typedef {{
 *     sources: Sources,
 *     segments: Segments,
 *     selection: Selection,
 *     tracks: Tracks,
 *     words: {request: Pick<ClipRequest, 'tags' | 'chapters'>},
 *     settings: {request: Partial<CutWish>, join: boolean},
 * }} Parts
 */

/** @param {Parts} parts @returns {Order} */
export function orderOf({ sources, segments, selection, tracks, words, settings }) {
    const media = sources.all;
    const how = { ...settings.request, ...words.request, tracks: tracks.request(media) };
    const { mainNumber } = sources;
    const listed = segments.count > 0 ? segments.request(mainNumber) : [{ ...selection.request, source: mainNumber }];
    const plain = segments.count === 0 && media.length === 1;
    return {
        media,
        main: media[mainNumber].source.id,
        clip: plain ? /** @type {Partial<ClipRequest>} */ ({ ...how, ...selection.request }) : null,
        cut: /** @type {CutWish} */ ({
            ...how,
            segments: sources.joined.flatMap((_, source) => (source === mainNumber ? listed : [{ source }])),
            action: segments.action,
            join: settings.join,
        }),
    };
}

/**
 * One track of a file, by itself and as it is.
 * @param {Media} media
 * @param {number} track
 * @returns {Order}
 */
export function trackOrder(media, track) {
    return { media: [media], main: media.source.id, clip: /** @type {Partial<ClipRequest>} */ ({ mode: 'lossless', tracks: [{ track }] }), cut: {} };
}

/**
 * Where a refusal of a cut speaks of: the field that marks the only span, as the refusal of a clip says it.
 * @param {string} path
 * @param {Order | null} order
 */
export function fieldPath(path, order) {
    const [, number, field] = /^\$\.request\.segments\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
    const segment = order?.cut.segments?.[Number(number)];
    // Rows of the list have a place for a name; what is marked has not.
    return segment && !('label' in segment) ? `$.request.${field}` : path;
}
