/** NAL units, of which H.264 and HEVC samples consist: how they are told apart, and what keeps them apart. */

/** Three bytes that a NAL unit must not contain begin with two zeros; a 3 is put between. */
const EMULATION_PREVENTION = 3;
const START_CODE = 3;
/** Bytes of a start code as it is written: the number 1. */
const LONG_START_CODE = 4;

/**
 * The NAL units of a sample; stops quietly where the sample is damaged.
 * @param {Uint8Array} sample
 * @param {number} lengthSize bytes of the length before each unit, 0 where start codes part them (MPEG-TS)
 * @returns {Generator<Uint8Array, void>}
 */
export function* nalUnits(sample, lengthSize) {
    if (lengthSize === 0) return yield* betweenStartCodes(sample);
    for (let at = 0; at + lengthSize <= sample.length; ) {
        let length = 0;
        for (const end = at + lengthSize; at < end; at++) length = length * 256 + sample[at];
        if (length > sample.length - at) return;
        if (length > 0) yield sample.subarray(at, at + length);
        at += length;
    }
}

/** @param {Uint8Array} sample @returns {Generator<Uint8Array, void>} */
function* betweenStartCodes(sample) {
    let start = -1;
    for (let at = 0; at + START_CODE <= sample.length; at++) {
        if (sample[at] !== 0 || sample[at + 1] !== 0 || sample[at + 2] !== 1) continue;
        if (start >= 0) yield withoutZeros(sample.subarray(start, at));
        start = at + START_CODE;
        at = start - 1;
    }
    if (start >= 0 && start < sample.length) yield withoutZeros(sample.subarray(start));
}

/** A NAL unit never ends with a zero byte. @param {Uint8Array} unit */
function withoutZeros(unit) {
    let end = unit.length;
    while (end > 0 && unit[end - 1] === 0) end--;
    return unit.subarray(0, end);
}

/**
 * A sample made of NAL units.
 * @param {Uint8Array[]} units
 * @param {number} lengthSize 0: with start codes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joinUnits(units, lengthSize) {
    const prefix = lengthSize || LONG_START_CODE;
    const sample = new Uint8Array(units.reduce((sum, unit) => sum + prefix + unit.length, 0));
    let at = 0;
    for (const unit of units) {
        if (unit.length >= 256 ** prefix) throw new RangeError(`a NAL unit of ${unit.length} bytes does not fit`);
        const word = lengthSize ? unit.length : 1;
        for (let place = prefix; place > 0; place--) sample[at++] = Math.floor(word / 256 ** (place - 1)) & 0xff;
        sample.set(unit, at);
        at += unit.length;
    }
    return sample;
}

/** What a NAL unit says, without what was put in between. @param {Uint8Array} unit */
export function unescaped(unit) {
    const bytes = new Uint8Array(unit.length);
    let [length, from] = [0, 0];
    // What the engine finds by itself is found many times faster.
    for (let at = unit.indexOf(EMULATION_PREVENTION, 2); at >= 0; at = unit.indexOf(EMULATION_PREVENTION, at + 1)) {
        if (unit[at - 1] !== 0 || unit[at - 2] !== 0 || at - from < 2) continue;
        bytes.set(unit.subarray(from, at), length);
        length += at - from;
        from = at + 1;
    }
    bytes.set(unit.subarray(from), length);
    return bytes.subarray(0, length + unit.length - from);
}

/** The NAL unit that says `bytes`. @param {Uint8Array} bytes */
export function escaped(bytes) {
    const unit = new Uint8Array(Math.ceil(bytes.length * 1.5) + 1);
    let [length, from] = [0, 0];
    const say = (/** @type {number} */ until) => {
        unit.set(bytes.subarray(from, until), length);
        length += until - from;
        unit[length++] = EMULATION_PREVENTION;
        from = until;
    };
    for (let at = bytes.indexOf(0); at >= 0 && at + 2 < bytes.length; at = bytes.indexOf(0, at)) {
        if (bytes[at + 1] !== 0) at += 2;
        else if (bytes[at + 2] > EMULATION_PREVENTION) at += 3;
        else say((at += 2));
    }
    // Only bytes that end with zeros (CABAC's padding) come to this.
    if (bytes.at(-1) === 0) say(bytes.length);
    unit.set(bytes.subarray(from), length);
    return unit.slice(0, length + bytes.length - from);
}
