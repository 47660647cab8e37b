/** Parts of kept files, as media elements ask for them (RFC 9110, section 14; one range at a time). */

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * @param {Request} request
 * @param {Response} whole
 * @returns {Promise<Response>} the part that is asked for; all of it where none is, or several are
 */
export async function part(request, whole) {
    const [, first = '', last = ''] = RANGE.exec(request.headers.get('range') ?? '') ?? [];
    if (whole.status !== 200 || (!first && !last)) return whole;
    const blob = await whole.blob();
    const start = first ? Number(first) : Math.max(0, blob.size - Number(last));
    const end = first && last ? Math.min(blob.size, Number(last) + 1) : blob.size;
    const headers = new Headers(whole.headers);
    headers.set('accept-ranges', 'bytes');
    if (start >= end) {
        headers.set('content-range', `bytes */${blob.size}`);
        headers.set('content-length', '0');
        return new Response(null, { status: 416, statusText: 'Range Not Satisfiable', headers });
    }
    headers.set('content-range', `bytes ${start}-${end - 1}/${blob.size}`);
    headers.set('content-length', String(end - start));
    return new Response(blob.slice(start, end), { status: 206, statusText: 'Partial Content', headers });
}
