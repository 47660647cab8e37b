/** Bits as H.264 writes them: most significant first, whole numbers by Exp-Golomb codes (ITU-T H.264, 9.1). */

export class BitReader {
    /** @param {Uint8Array} bytes without emulation prevention */
    constructor(bytes) {
        this.bytes = bytes;
        /** In bits. */
        this.at = 0;
    }

    /** The number in the next `count` (up to 32) bits; throws a RangeError past the end. @param {number} count */
    u(count) {
        if (this.at + count > this.bytes.length * 8) throw new RangeError('read past the end');
        let value = 0;
        for (let left = count; left > 0; ) {
            const free = 8 - (this.at & 7);
            const taken = Math.min(free, left);
            const bits = (this.bytes[this.at >> 3] >> (free - taken)) & ((1 << taken) - 1);
            value = value * 2 ** taken + bits;
            this.at += taken;
            left -= taken;
        }
        return value;
    }

    flag() {
        return this.u(1) === 1;
    }

    ue() {
        let zeros = 0;
        while (!this.flag()) {
            if (++zeros > 32) throw new RangeError('no such number');
        }
        return 2 ** zeros - 1 + this.u(zeros);
    }

    se() {
        const code = this.ue();
        return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
    }

    /** Pass over numbers by Exp-Golomb codes, signed or not. @param {number} count */
    skip(count) {
        for (let left = count; left > 0; left--) this.ue();
    }

    /** Where the stop bit stands, in bits: the last 1 of all. */
    get end() {
        let last = this.bytes.length - 1;
        while (last >= 0 && this.bytes[last] === 0) last--;
        if (last < 0) throw new RangeError('there is no stop bit');
        let bit = 7;
        while (((this.bytes[last] >> (7 - bit)) & 1) === 0) bit--;
        return last * 8 + bit;
    }
}

export class BitWriter {
    /** @param {number} room bytes, at least as many as will be written */
    constructor(room) {
        this.bytes = new Uint8Array(room);
        this.at = 0;
    }

    /** @param {number} count up to 32 @param {number} value */
    u(count, value) {
        for (let left = count; left > 0; ) {
            const free = 8 - (this.at & 7);
            const taken = Math.min(free, left);
            const bits = Math.floor(value / 2 ** (left - taken)) & ((1 << taken) - 1);
            this.bytes[this.at >> 3] |= bits << (free - taken);
            this.at += taken;
            left -= taken;
        }
    }

    /** @param {boolean} value */
    flag(value) {
        this.u(1, value ? 1 : 0);
    }

    /** @param {number} value */
    ue(value) {
        const length = 31 - Math.clz32(value + 1);
        this.u(length, 0);
        this.u(length + 1, value + 1);
    }

    /** The reader's next bits as they are. @param {BitReader} from @param {number} until place in the reader, in bits */
    copy(from, until) {
        if (until > from.bytes.length * 8) throw new RangeError('read past the end');
        // Up to a whole byte of what is written; from there on each is made of two of the reader's.
        this.#take(from, Math.min(-this.at & 7, until - from.at));
        const whole = (until - from.at) >> 3;
        const [source, shift] = [from.bytes.subarray(from.at >> 3), from.at & 7];
        const written = this.bytes.subarray(this.at >> 3);
        if (shift === 0) written.set(source.subarray(0, whole));
        else for (let i = 0; i < whole; i++) written[i] = (source[i] << shift) | (source[i + 1] >> (8 - shift));
        from.at += whole * 8;
        this.at += whole * 8;
        this.#take(from, until - from.at);
    }

    /** @param {BitReader} from @param {number} count up to 32 */
    #take(from, count) {
        this.u(count, from.u(count));
    }

    /** Fill up the last byte. @param {boolean} bit */
    align(bit) {
        while (this.at & 7) this.flag(bit);
    }

    /** Bytes as they are, from a whole byte on. @param {Uint8Array} bytes */
    append(bytes) {
        this.bytes.set(bytes, this.at >> 3);
        this.at += bytes.length * 8;
    }

    /** All that was written, closed as every NAL unit is: with a 1 and zeros up to the next byte. */
    closed() {
        this.flag(true);
        return this.written();
    }

    /** All that was written, to the last begun byte. */
    written() {
        return this.bytes.subarray(0, (this.at + 7) >> 3);
    }
}
