/** What the element's attributes say. */

/**
 * @import {ClipRequest, Mode} from '../protocol.gen.js'
 * @typedef {{start: string, end: string, mode: Mode, accept: string}} Settings
 */

/**
 * The clip to ask for.
 * @param {Settings} settings
 * @param {Partial<ClipRequest>} options override what is set
 * @returns {Partial<ClipRequest>}
 */
export function wishOf({ start, end, mode }, options) {
    const hasEnd = end && (options.duration === undefined || options.duration === null);
    return { mode, ...(start && { start }), ...(hasEnd && { end }), ...options };
}
