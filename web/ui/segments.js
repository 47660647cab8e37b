/** The list of segments as a person works on it. The in and out point are the chosen one's, or those of one yet to be added. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { focusRow, nameTools, onTools, rows } from './rows.js';
import { SegmentList, sameMarks } from './segmentlist.js';
import { WHOLE, endOf, exactly, written } from './selection.js';
import { fateOf, showFate } from './fates.js';

/**
 * @import {Plan, Segment} from '../protocol.gen.js'
 * @import {Marks} from './selection.js'
 * @import {Row} from './segmentlist.js'
 * @import {Stage} from './stage.js'
 * @typedef {{stage: Stage, onChange: () => void, onAction: (action: 'keep' | 'remove') => void, say: (text: string) => void}} Options
 *   `onChange`: something else is to be kept; `onAction`: it is turned around
 */

export class Segments {
    #root;
    #stage;
    #say;
    #onChange;
    #list = new SegmentList();
    #draw;
    #place;
    #sum;
    #hint;
    /** What went wrong with the last action, until the next. */
    #refusal = '';
    /** @type {Marks} what the marks were when a segment to be added was begun */
    #begun = WHOLE;
    /** @type {readonly Plan[]} */
    #plans = [];
    /** The length of the file that the rows were drawn for, in µs. */
    #drawnTotal = 0;
    /** The id of the file they are of. */
    #source = '';

    /**
     * @param {HTMLElement} root
     * @param {Options} options
     */
    constructor(root, { stage, onChange, onAction, say }) {
        this.#root = root;
        this.#stage = stage;
        this.#say = say;
        this.#onChange = onChange;
        this.#place = find(root, '#segments-list', HTMLElement);
        this.#sum = find(root, '#segments-sum', HTMLElement);
        this.#hint = find(root, '#segments-hint', HTMLElement);
        this.#draw = rows(this.#place, {
            key: (/** @type {Row} */ row) => row.id,
            make: (row) => this.#make(row.id),
            show: (element, row, place, count) => this.#show(element, row, place, count),
        });
        find(root, '#segments-action', HTMLElement).addEventListener('input', () => {
            onAction(this.action);
            this.#changed();
        });
    }

    /** @returns {'keep' | 'remove'} */
    get action() {
        const chosen = find(this.#root, '[name=action]:checked', HTMLInputElement).value;
        return chosen === 'remove' && this.count > 0 ? 'remove' : 'keep';
    }

    get count() {
        return this.#list.rows.length;
    }

    get canUndo() {
        return this.#list.canUndo;
    }

    get #total() {
        return this.#stage.marks.selection.total;
    }

    /** Where each starts and ends, for lists that leave the page. */
    get spans() {
        return this.#list.rows.map(({ marks, label }) => ({ start: marks.start.us, end: endOf(marks, this.#total), label }));
    }

    /** What an action on the list is about: the list, or while that is empty, what is marked. */
    get subject() {
        return this.count > 0 ? this.request(0) : [{ ...this.#stage.marks.selection.request, label: null, source: 0 }];
    }

    /** @param {number} source the number of the file they are of */
    request(source) {
        return this.#list.rows.map(({ marks, label }) => ({ ...written(marks), label: label.trim() || null, source }));
    }

    /** A new file. */
    reset() {
        this.#list.reset();
        this.#begun = WHOLE;
        this.#plans = [];
        find(this.#root, '[name=action][value=keep]', HTMLInputElement).checked = true;
        this.#redraw();
    }

    /** The in or out point is another now, or the length of the file. */
    marked() {
        const edited = this.#list.edit(this.#stage.marks.selection.marks);
        if (edited || this.#total !== this.#drawnTotal) this.#redraw();
        else this.#advise();
    }

    /** Put the marked span on the list; where it is there already, begin another. */
    async add() {
        const { marks } = this.#stage;
        const chosen = this.#list.current;
        if (chosen) return this.#begin(chosen.marks);
        await marks.settle();
        if (marks.unreadable) return marks.unreadable.focus();
        const row = this.#list.add(marks.selection.marks);
        this.#say(`Segment ${this.count} added, ${this.#times(row.marks)}`);
        this.#begin(row.marks);
        this.#changed();
    }

    /** @param {readonly Segment[]} segments what Python made of the list */
    replace(segments) {
        this.#list.replace(segments.map(({ start_us: start, end_us: end, label }) => ({ marks: exactly(start, end), label: label ?? '' })));
        this.#begin(null);
        this.#say(`${this.count} segments`);
        this.#changed();
    }

    undo() {
        if (!this.canUndo) return;
        this.#list.undo();
        const { current } = this.#list;
        if (current) this.#stage.marks.take(current.marks);
        this.#say(`Undone, ${this.count} segments`);
        this.#changed();
    }

    clear() {
        this.#list.replace([]);
        this.#begin(null);
        this.#changed();
    }

    /** Remove the chosen one. */
    removeChosen() {
        if (this.#list.chosen !== null) this.#remove(this.#list.chosen);
    }

    /** @param {string} text */
    refuse(text) {
        this.#refusal = text;
        this.#redraw();
    }

    /** @param {readonly Plan[]} plans what becomes of the segments; none: not known @param {string} [source] the id of their file */
    showPlans(plans, source = '') {
        this.#plans = plans;
        this.#source = source;
        this.#redraw();
    }

    /** @param {Marks | null} after what was marked before, null where nothing is left of it */
    #begin(after) {
        const end = after ? endOf(after, this.#total) : this.#total;
        this.#list.choose(null);
        this.#begun = end < this.#total ? { start: { us: end, text: null }, end: null, length: null } : WHOLE;
        this.#stage.marks.take(this.#begun);
    }

    /** @param {number} id */
    #choose(id) {
        const row = this.#list.rows.find((other) => other.id === id);
        if (!row) return;
        if (this.#list.chosen === id) return this.#begin(row.marks);
        this.#list.choose(id);
        this.#stage.marks.take(row.marks);
        this.#stage.seek(row.marks.start.us);
    }

    /** @param {number} id */
    #remove(id) {
        const place = this.#list.rows.findIndex((row) => row.id === id);
        const held = this.#place.contains(document.activeElement);
        this.#list.remove(id);
        this.#say(`Segment ${place + 1} removed`);
        this.#changed();
        if (held) focusRow(this.#place, place, '.segment__pick', find(this.#root, '#add-segment', HTMLElement));
    }

    #changed() {
        this.#refusal = '';
        this.#redraw();
        this.#onChange();
    }

    /** @param {Marks} marks */
    #times(marks) {
        return `${clock(marks.start.us)} – ${clock(endOf(marks, this.#total))}`;
    }

    /** @param {number} id */
    #make(id) {
        const element = fromTemplate('template-segment');
        const label = find(element, '.segment__label', HTMLInputElement);
        find(element, '.segment__pick', HTMLElement).addEventListener('click', () => this.#choose(id));
        label.addEventListener('input', () => {
            this.#list.rename(id, label.value);
            this.#onChange();
        });
        label.addEventListener('keydown', (event) => {
            if (event.key === 'Enter') find(element, '.segment__pick', HTMLElement).focus();
        });
        element.addEventListener('keydown', (event) => {
            if (event.target === label || (event.key !== 'Delete' && event.key !== 'Backspace')) return;
            event.preventDefault();
            this.#remove(id);
        });
        onTools(element, {
            up: () => this.#move(id, -1),
            down: () => this.#move(id, 1),
            remove: () => this.#remove(id),
        });
        return element;
    }

    /** @param {number} id @param {-1 | 1} by */
    #move(id, by) {
        this.#list.move(id, by);
        this.#changed();
    }

    /** @param {HTMLElement} element @param {Row} row @param {number} place @param {number} count */
    #show(element, { id, label, marks }, place, count) {
        const chosen = id === this.#list.chosen;
        const pick = find(element, '.segment__pick', HTMLElement);
        const input = find(element, '.segment__label', HTMLInputElement);
        element.toggleAttribute('data-chosen', chosen);
        pick.textContent = String(place + 1);
        pick.setAttribute('aria-pressed', String(chosen));
        pick.setAttribute('aria-label', `Edit segment ${place + 1}, ${this.#times(marks)}`);
        if (input.value !== label) input.value = label;
        input.setAttribute('aria-label', `Name of segment ${place + 1}`);
        const length = clock(endOf(marks, this.#total) - marks.start.us);
        find(element, '.segment__times', HTMLElement).textContent = `${this.#times(marks)} · ${length}`;
        const fate = this.action === 'remove' ? null : fateOf(this.#plans, this.#source, marks.start.us, endOf(marks, this.#total));
        showFate(find(element, '.chip', HTMLElement), this.action === 'remove' ? 'removed' : fate);
        nameTools(element, `segment ${place + 1}`, place, count);
    }

    #redraw() {
        const { rows: all, chosen } = this.#list;
        this.#drawnTotal = this.#total;
        this.#draw(all);
        this.#place.hidden = all.length === 0;
        this.#sum.textContent = all.length === 0 ? '' : `${all.length} · ${clock(this.#list.length(this.#total))} in all`;
        find(this.#root, '#segments-empty', HTMLElement).hidden = all.length > 0;
        find(this.#root, '#segments-action', HTMLElement).hidden = all.length === 0;
        find(this.#root, '#add-segment-text', HTMLElement).textContent = chosen === null ? 'Add segment' : 'New segment';
        this.#stage.showSegments(
            all.map((row) => ({ start: row.marks.start.us, end: endOf(row.marks, this.#total), chosen: row.id === chosen })),
            this.action === 'remove',
        );
        this.#advise();
    }

    #advise() {
        this.#hint.textContent = this.#refusal || this.#advice();
        this.#hint.toggleAttribute('data-refusal', this.#refusal !== '');
        this.#stage.showIdle(this.count > 0 && this.#list.chosen === null && this.#isUntouched);
    }

    /** Whether nobody has marked anything since the last segment was added. */
    get #isUntouched() {
        return sameMarks(this.#stage.marks.selection.marks, this.#begun);
    }

    #advice() {
        const { rows: all, chosen } = this.#list;
        if (all.length === 0) return '';
        if (chosen !== null) return `In and Out now edit segment ${all.findIndex((row) => row.id === chosen) + 1}.`;
        return this.#isUntouched ? '' : 'The marked span is not on the list yet: add it, or it is left out.';
    }
}
