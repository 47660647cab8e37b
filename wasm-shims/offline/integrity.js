/** Whether a kept file is still what it was. */

/**
 * @param {Response} response
 * @returns {Promise<string>} the hash of its body, as `fetch` takes it; empty where it cannot be read
 */
export async function integrityOf(response) {
    try {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
        return `sha256-${btoa(String.fromCharCode(...digest))}`;
    } catch {
        return '';
    }
}
