/** Which pages may hold the frame: those of its own origin, and the origins that embed.json beside it lists. */

/**
 * @param {any} settings what embed.json says, whatever it may be
 * @param {string} own the frame's own origin
 * @returns {Set<string>} exact origins; what is no origin, a wildcard or "null" never gets in
 */
export function parentsOf(settings, own) {
    const listed = Array.isArray(settings?.parents) ? settings.parents : [];
    return new Set([own, ...listed.filter(isOrigin)]);
}

/** @param {any} text */
function isOrigin(text) {
    if (typeof text !== 'string') return false;
    try {
        const { origin, protocol } = new URL(text);
        return origin === text && (protocol === 'https:' || protocol === 'http:');
    } catch {
        return false;
    }
}

/**
 * @param {URL} address of embed.json
 * @returns {Promise<Set<string>>} only the own origin, where it cannot be read
 */
export async function fetchParents(address) {
    let settings = null;
    try {
        const response = await fetch(address, { cache: 'no-cache' });
        if (response.ok) settings = await response.json();
    } catch {
        // Without a list nobody else may.
    }
    return parentsOf(settings, address.origin);
}
