/**
 * Where an MP4 stops being presented. FFmpeg copies packets until decoding reaches the end; by then packets of a few later
 * pictures have gone by, as others refer to them. Its muxer cannot hide them, so its edit lists are shortened here, in place.
 */

/** @typedef {{type: number, body: number, end: number}} Box offsets of its contents */

/** A header is 8 bytes, or 16 with a 64-bit size. */
const HEADER = 8;
const LONG_HEADER = 16;

/** Box types, which are four letters. */
const [MOOV, MVHD, TRAK, TKHD, EDTS, ELST] = ['moov', 'mvhd', 'trak', 'tkhd', 'edts', 'elst'].map((letters) => {
    return new DataView(new TextEncoder().encode(letters).buffer).getUint32(0);
});

/**
 * @param {Blob} file a complete MP4 or QuickTime file
 * @param {number} lengthUs of what is to be presented, in microseconds
 * @returns {Blob}
 */
export function presentedUntil(file, lengthUs) {
    const place = findMoov(file);
    if (!place) return file;
    const moov = bytesOf(file.slice(place.start, place.end));
    shorten(moov, lengthUs);
    return new Blob([file.slice(0, place.start), moov, file.slice(place.end)]);
}

/** @param {Blob} file @returns {{start: number, end: number} | null} */
function findMoov(file) {
    for (let start = 0; start + HEADER <= file.size;) {
        const [box] = boxes(new DataView(bytesOf(file.slice(start, start + LONG_HEADER)).buffer), 0, file.size - start);
        if (!box) return null;
        if (box.type === MOOV) return { start, end: start + box.end };
        start += box.end;
    }
    return null;
}

/** @param {Uint8Array<ArrayBuffer>} moov @param {number} lengthUs */
function shorten(moov, lengthUs) {
    const view = new DataView(moov.buffer);
    const [box] = boxes(view, 0, moov.length);
    const movie = find(view, box, MVHD);
    if (!movie) return;
    const scale = view.getUint32(movie.body + (isWide(view, movie) ? 20 : 12));
    // A picture is in if its time, rounded to microseconds, lies before the end.
    const limit = Math.ceil(((lengthUs - 0.5) * scale) / 1e6);
    let longest = 0;
    for (const track of [...boxes(view, box.body, box.end)].filter(({ type }) => type === TRAK)) {
        const header = find(view, track, TKHD);
        const edits = find(view, find(view, track, EDTS), ELST);
        if (!header || !edits) continue;
        const shown = shortenEdits(view, edits, limit);
        setDuration(view, header, isWide(view, header) ? 28 : 20, shown);
        longest = Math.max(longest, shown);
    }
    if (longest) setDuration(view, movie, isWide(view, movie) ? 24 : 16, longest);
}

/** @param {DataView} view @param {Box} edits @param {number} limit in ticks of the movie @returns {number} ticks that are presented */
function shortenEdits(view, edits, limit) {
    const wide = isWide(view, edits);
    let shown = 0;
    for (let at = edits.body + 8; at < edits.end; at += wide ? 20 : 12) {
        const length = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
        // An edit of no length would mean "to the end".
        const kept = Math.max(1, Math.min(length, limit - shown));
        if (wide) view.setBigUint64(at, BigInt(kept));
        else view.setUint32(at, kept);
        shown += kept;
    }
    return shown;
}

/** @param {DataView} view @param {Box} box @param {number} offset @param {number} ticks */
function setDuration(view, box, offset, ticks) {
    if (isWide(view, box)) view.setBigUint64(box.body + offset, BigInt(ticks));
    else view.setUint32(box.body + offset, ticks);
}

/** Whether a box, by its version, has 64-bit times. @param {DataView} view @param {Box} box */
function isWide(view, box) {
    return view.getUint8(box.body) === 1;
}

/** @param {DataView} view @param {Box | undefined} parent @param {number} type @returns {Box | undefined} */
function find(view, parent, type) {
    return parent && [...boxes(view, parent.body, parent.end)].find((box) => box.type === type);
}

/**
 * The boxes between two offsets; stops quietly where what follows is no box.
 * @param {DataView} view @param {number} start @param {number} end
 * @returns {Generator<Box, void>}
 */
function* boxes(view, start, end) {
    while (start + HEADER <= Math.min(end, view.byteLength)) {
        const short = view.getUint32(start);
        const header = short === 1 ? LONG_HEADER : HEADER;
        if (start + header > view.byteLength) return;
        const size = short === 1 ? Number(view.getBigUint64(start + HEADER)) : short || end - start;
        if (size < header || size > end - start) return;
        yield { type: view.getUint32(start + 4), body: start + header, end: start + size };
        start += size;
    }
}

/** @param {Blob} blob @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(blob) {
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob));
}
