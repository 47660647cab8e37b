/** What can be done with the whole list of segments. Python does it; this asks for what it needs to know. */

import { toWire } from '../../wasm-shims/rpc.js';
import { exactClock } from './clock.js';
import { find } from './dom.js';
import { menu } from './menu.js';
import { download } from './save.js';

/**
 * @import {Requests, Segment} from '../protocol.gen.js'
 * @import {Question} from './ask.js'
 * @import {Command} from './commands.js'
 * @import {Segments} from './segments.js'
 * @typedef {{
 *     segments: Segments,
 *     ask: (question: Question, onAnswer: (text: string) => Promise<void>) => void,
 *     edit: (action: Requests['segments']['action'], value: string | number | null) => Promise<readonly Segment[] | null>,
 *     read: (text: string) => Promise<readonly Segment[] | null>,
 *     playhead: () => number,
 *     name: () => string,
 * }} Options `edit` and `read` answer null where the file was closed meanwhile
 */

const MEGABYTE = 1_000_000;

/** @type {Record<string, Question>} */
const QUESTIONS = {
    length: { title: 'Divide by length', label: 'Length of each part', ok: 'Divide', example: '10 or 1:30' },
    count: { title: 'Divide into equal parts', label: 'How many parts', ok: 'Divide', example: '4' },
    size: { title: 'Divide by size', label: 'At most so many megabytes each', ok: 'Divide', example: '25' },
    shift: { title: 'Shift every segment', label: 'By how much; with a minus, earlier', ok: 'Shift', example: '1.5 or -0:10' },
};

/**
 * @param {HTMLElement} root
 * @param {Options} options
 * @returns {Command[]}
 */
export function segmentActions(root, { segments, ask, edit, read, playhead, name }) {
    const picker = find(document, '#list-picker', HTMLInputElement);

    /** @param {Promise<readonly Segment[] | null>} work */
    async function apply(work) {
        const answer = await work;
        if (answer) segments.replace(answer);
    }

    /** @param {Promise<readonly Segment[] | null>} work */
    async function attempt(work) {
        try {
            await apply(work);
        } catch (error) {
            const { message, hint } = toWire(error);
            segments.refuse(`${message} ${hint}`);
        }
    }

    /** @param {string} action @param {string} text */
    function valueOf(action, text) {
        return action === 'size' ? Math.round(Number(text.replace(',', '.')) * MEGABYTE) || text : text;
    }

    function split() {
        void attempt(edit('split', `${playhead()}us`));
    }

    /** @type {Record<string, () => void>} */
    const others = {
        split,
        invert: () => void attempt(edit('invert', null)),
        align: () => void attempt(edit('align', null)),
        import: () => picker.click(),
        export: () => saveList(segments.spans, name()),
        undo: () => segments.undo(),
        clear: () => segments.clear(),
    };

    menu(find(root, '#segments-menu', HTMLDetailsElement), (action) => {
        const question = QUESTIONS[action];
        if (question) ask(question, (text) => apply(edit(/** @type {Requests['segments']['action']} */ (action), valueOf(action, text))));
        else others[action]();
    });
    picker.addEventListener('change', () => {
        const file = picker.files?.[0];
        picker.value = '';
        if (file) void attempt(file.text().then(read));
    });
    addEventListener('keydown', (event) => {
        const typing = event.target instanceof HTMLInputElement && event.target.type === 'text';
        if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || typing || !segments.canUndo) return;
        event.preventDefault();
        segments.undo();
    });

    return [
        { button: 'add-segment', keys: ['a'], run: () => void segments.add() },
        { keys: ['s'], run: split },
        { keys: ['delete'], run: () => segments.removeChosen() },
    ];
}

/**
 * Lines of `start,end,label`, as every spreadsheet and this page read them.
 * @param {readonly {start: number, end: number, label: string}[]} spans
 * @param {string} name the file they are of
 */
function saveList(spans, name) {
    const lines = spans.map(({ start, end, label }) => [exactClock(start), exactClock(end), quoted(label)].join(','));
    const url = URL.createObjectURL(new Blob([['start,end,label', ...lines, ''].join('\n')], { type: 'text/csv' }));
    download(url, `${name}.segments.csv`);
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {string} text */
function quoted(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
