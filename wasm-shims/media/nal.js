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
    let [length, zeros] = [0, 0];
    for (const byte of unit) {
        if (zeros >= 2 && byte === EMULATION_PREVENTION) {
            zeros = 0;
            continue;
        }
        bytes[length++] = byte;
        zeros = byte === 0 ? zeros + 1 : 0;
    }
    return bytes.subarray(0, length);
}

/** The NAL unit that says `bytes`. @param {Uint8Array} bytes */
export function escaped(bytes) {
    const unit = new Uint8Array(Math.ceil(bytes.length * 1.5) + 1);
    let [length, zeros] = [0, 0];
    for (const byte of bytes) {
        if (zeros >= 2 && byte <= EMULATION_PREVENTION) {
            unit[length++] = EMULATION_PREVENTION;
            zeros = 0;
        }
        unit[length++] = byte;
        zeros = byte === 0 ? zeros + 1 : 0;
    }
    // Only bytes that end with zeros (CABAC's padding) come to this.
    if (zeros > 0) unit[length++] = EMULATION_PREVENTION;
    return unit.slice(0, length);
}
