/** What this browser can do, asked once and passed on as a value. */

/**
 * @import {Engines} from './engines.js'
 * @typedef {{encode: string[], isolated: boolean, numpy: boolean}} Capabilities `encode` holds mediabunny's codec names; `numpy`: the site
 *   was built with it
 */

/** Put in by esbuild. @type {boolean} */
// @ts-expect-error There is no such name until the site is built.
const NUMPY = BUILT_NUMPY;

/** @param {Engines} engines @returns {Promise<Capabilities>} */
export const askCapabilities = async (engines) => capabilitiesOf(await askEncoders(engines));

/** @param {string[]} encode @returns {Capabilities} */
export const capabilitiesOf = (encode) => ({ encode, isolated: self.crossOriginIsolated, numpy: NUMPY });

/** What takes a worker and most of the time. @param {Engines} engines @returns {Promise<string[]>} */
export const askEncoders = async (engines) => (await engines.media.request('capabilities', {})).encode;
