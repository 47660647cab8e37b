/** In, out and duration: three fields over one Selection. */

import { find } from './dom.js';
import { Selection } from './selection.js';
import { timeField } from './timefield.js';

/**
 * @import {Marks} from './selection.js'
 * @import {TimeReading} from '../protocol.gen.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @typedef {'start' | 'end' | 'duration'} Name as in a ClipRequest
 * @typedef {{read: (text: string) => Promise<TimeReading | WireError>, onChange: () => void}} Options
 */

/**
 * @param {HTMLElement} root
 * @param {Options} options
 */
export function marks(root, { read, onChange }) {
    const selection = new Selection();
    const fields = {
        start: timeField(find(root, '#field-in', HTMLElement), {
            read,
            onTime: (mark) => change(() => selection.typeStart(mark ?? { us: 0, text: null })),
        }),
        end: timeField(find(root, '#field-out', HTMLElement), { read, onTime: (mark) => change(() => selection.typeEnd(mark)) }),
        duration: timeField(find(root, '#field-length', HTMLElement), { read, onTime: (mark) => change(() => selection.typeLength(mark)) }),
    };
    const all = Object.values(fields);

    /** @param {() => void} edit @param {Name[]} [overruled] fields whose content the edit replaces, whatever it is */
    function change(edit, overruled = []) {
        edit();
        const { start, end, length, endUs, lengthUs } = selection;
        fields.start.show(start, overruled.includes('start'));
        fields.end.show(end ?? { us: endUs, text: null }, overruled.includes('end'));
        fields.duration.show(length ?? { us: lengthUs, text: null }, overruled.includes('duration'));
        onChange();
    }

    /** @param {number} us */
    function putStart(us) {
        change(() => selection.putStart(us), ['start', 'duration']);
    }

    /** @param {number} us */
    function putEnd(us) {
        change(() => selection.putEnd(us), ['end', 'duration']);
    }

    /** @param {WireError} error */
    const fieldOf = (error) => fields[/** @type {Name} */ (error.path.replace('$.request.', ''))];

    return {
        selection,
        putStart,
        putEnd,
        /** Show another span: of a new file, or one from the list. @param {Marks} marks */
        take(marks) {
            change(() => selection.take(marks), ['start', 'end', 'duration']);
        },
        /** @param {number} total µs */
        setTotal(total) {
            change(() => selection.setTotal(total));
        },
        /** Have everything that was typed read; resolves when it is. */
        async settle() {
            await Promise.all(all.map((field) => field.settle()));
        },
        /** The first field that holds no time, if any. */
        get unreadable() {
            return all.find((field) => field.isUnreadable);
        },
        forgive() {
            all.forEach((field) => field.forgive());
        },
        /**
         * Show a refusal at the field it speaks of, if it does.
         * @param {WireError} error
         */
        fail(error) {
            const field = fieldOf(error);
            field?.fail(error);
            return field;
        },
    };
}
