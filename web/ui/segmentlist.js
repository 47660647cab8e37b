/** The list of segments: rows in order, the one that is being edited, and how to get back. Knows nothing of the page. */

import { endOf } from './selection.js';

/**
 * @import {Marks} from './selection.js'
 * @typedef {{id: number, label: string, marks: Marks}} Row
 */

const STEPS_BACK = 50;

export class SegmentList {
    /** @type {readonly Row[]} */
    rows = [];
    /** @type {number | null} the id of the row whose span the in and out point are */
    chosen = null;
    /** @type {(readonly Row[])[]} */
    #past = [];
    #lastId = 0;
    /** @type {number | null} the row that the last steps edited: a drag of many steps is undone as one */
    #editing = null;

    get canUndo() {
        return this.#past.length > 0;
    }

    get current() {
        return this.rows.find((row) => row.id === this.chosen) ?? null;
    }

    /** A new file. */
    reset() {
        this.rows = [];
        this.chosen = null;
        this.#past = [];
        this.#editing = null;
    }

    /** @param {Marks} marks @param {string} [label] @returns {Row} */
    add(marks, label = '') {
        const row = this.#row(marks, label);
        this.#keep([...this.rows, row]);
        return row;
    }

    /** @param {{marks: Marks, label: string}[]} rows */
    replace(rows) {
        this.#keep(rows.map(({ marks, label }) => this.#row(marks, label)));
    }

    /** @param {number} id */
    remove(id) {
        this.#keep(this.rows.filter((row) => row.id !== id));
    }

    /** @param {number} id @param {-1 | 1} by */
    move(id, by) {
        const from = this.rows.findIndex((row) => row.id === id);
        const rows = [...this.rows];
        const [row] = rows.splice(from, 1);
        rows.splice(from + by, 0, row);
        this.#keep(rows);
    }

    /** @param {number} id @param {string} label */
    rename(id, label) {
        this.rows = this.rows.map((row) => (row.id === id ? { ...row, label } : row));
    }

    /** @param {number | null} id */
    choose(id) {
        this.chosen = id;
        this.#editing = null;
    }

    /** The chosen row's span is another now. @param {Marks} marks @returns {boolean} whether that changed the list */
    edit(marks) {
        const row = this.current;
        if (!row || sameMarks(row.marks, marks)) return false;
        const rows = this.rows.map((other) => (other === row ? { ...row, marks } : other));
        if (this.#editing === row.id) this.rows = rows;
        else this.#keep(rows);
        this.#editing = row.id;
        return true;
    }

    undo() {
        this.rows = this.#past.pop() ?? this.rows;
        this.#editing = null;
        if (!this.current) this.chosen = null;
    }

    /** @param {number} total the file's length in µs @returns {number} how long all of them are, in µs */
    length(total) {
        return this.rows.reduce((sum, { marks }) => sum + Math.max(0, endOf(marks, total) - marks.start.us), 0);
    }

    /** @param {Marks} marks @param {string} label @returns {Row} */
    #row(marks, label) {
        this.#lastId += 1;
        return { id: this.#lastId, label, marks };
    }

    /** @param {readonly Row[]} rows */
    #keep(rows) {
        this.#past = [...this.#past, this.rows].slice(-STEPS_BACK);
        this.rows = rows;
        this.#editing = null;
        if (!this.current) this.chosen = null;
    }
}

/** @param {Marks} a @param {Marks} b */
export function sameMarks(a, b) {
    const same = (/** @type {Marks['end']} */ x, /** @type {Marks['end']} */ y) => x?.us === y?.us && x?.text === y?.text;
    return same(a.start, b.start) && same(a.end, b.end) && same(a.length, b.length);
}
