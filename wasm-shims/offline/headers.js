/** The headers that make a page isolated and keep everything else out, for hosts that do not send them. */

import { SITE } from './site.js';

const POLICY = 'content-security-policy';

/**
 * The same response with every header that the host left out. Workers get all of them too: they do not inherit a page's policy.
 * @param {Response} response
 */
export function withHeaders(response) {
    // What a redirect or an error hides cannot be changed.
    if (response.status === 0) return response;
    const headers = new Headers(response.headers);
    if (headers.has('content-encoding')) {
        // The body was unpacked when it arrived; its length is another now.
        headers.delete('content-encoding');
        headers.delete('content-length');
    }
    for (const [name, value] of Object.entries(SITE.headers)) {
        // A browser enforces every policy that it is given, so a host's own does not stand in for this one.
        if (name.toLowerCase() === POLICY && headers.get(name) !== value) headers.append(name, value);
        else if (!headers.has(name)) headers.set(name, value);
    }
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/**
 * What workbox shall keep: whole files only. They are kept with their headers, so that they can be handed out as they are,
 * together with the code that the browser has compiled from them.
 * @param {{response: Response}} fetched
 * @returns {Promise<Response | null>}
 */
export async function keepable({ response }) {
    return response.status === 200 ? withHeaders(response) : null;
}
