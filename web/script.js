/**
 * `<clip-script>`: Python on the page, with an editor, examples, a file picker, output and results.
 *
 *     <link rel="stylesheet" href="clipwright/script.css">
 *     <script type="module" src="clipwright/script.js"></script>
 *     <clip-script src="my.py"></clip-script>
 *
 * `src` is a script to begin with. `ended` is fired when a script has ended, with `{code, error}` as its detail.
 */

import { createEditor } from './script/editor.js';
import { createOutput } from './script/output.js';
import { createRunner } from './script/runner.js';

const BASE = new URL('./', import.meta.url);
const EXAMPLES = { clip: 'Cut one clip', batch: 'Cut into parts', join: 'Leave out and join' };
const HINT = 'Ctrl or ⌘ and Enter runs the script. Escape, then Tab, leaves the editor.';

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, properties = {}, ...children) {
    const { part, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    if (part) element.setAttribute('part', part);
    element.append(...children);
    return element;
}

class ClipScript extends HTMLElement {
    #runner = createRunner(BASE);
    #files = make('input', { type: 'file', multiple: true });
    #examples = make('select', { ariaLabel: 'Examples', disabled: true });
    #run = make('button', { type: 'button', textContent: 'Run', disabled: true });
    #stop = make('button', { type: 'button', textContent: 'Stop', disabled: true });
    #progress = make('progress', { max: 1, hidden: true, ariaLabel: 'Progress' });
    #log = make('pre', { part: 'output', ariaLive: 'polite', role: 'log', tabIndex: 0, ariaLabel: 'Output' });
    #results = make('ul', { part: 'results', ariaLabel: 'Results' });
    #output = createOutput(this.#log);
    /** @type {{get: () => string, set: (text: string) => void} | null} */
    #editor = null;
    /** @type {string[]} addresses of the results that are shown */
    #urls = [];
    /** Counts scripts, so that what a stopped one still says is not heard. */
    #turn = 0;
    #isBusy = false;

    connectedCallback() {
        if (this.#log.isConnected) return;
        const place = make('div', { part: 'editor' });
        const names = Object.entries(EXAMPLES).map(([value, textContent]) => make('option', { value, textContent }));
        this.#examples.append(make('option', { value: '', textContent: 'Examples …' }), ...names);
        const files = make('label', {}, 'Files ', this.#files);
        const bar = make('div', { part: 'bar' }, files, this.#examples, this.#run, this.#stop, this.#progress);
        this.replaceChildren(bar, place, make('p', { part: 'hint', textContent: HINT }), this.#log, this.#results);
        this.#examples.addEventListener('change', () => void this.#load(exampleAt(this.#examples.value)));
        this.#run.addEventListener('click', () => void this.#start());
        this.#stop.addEventListener('click', () => this.#halt());
        void this.#build(place);
    }

    disconnectedCallback() {
        // Moved within the page, it is connected again at once, and what ran in it has ended.
        if (this.#isBusy) this.#halt();
        this.#runner.stop();
        this.#forget();
    }

    /** @param {HTMLElement} place */
    async #build(place) {
        try {
            this.#editor = await createEditor(place, BASE, () => void this.#start());
        } catch (error) {
            return this.#tell({ message: 'The editor could not be loaded.', hint: 'Connect to the network and reload the page. Once used, it works offline too.', detail: String(error) });
        }
        const first = this.getAttribute('src');
        await this.#load(first ? new URL(first, document.baseURI) : exampleAt('clip'));
        this.#examples.disabled = false;
        this.#run.disabled = false;
    }

    /** @param {URL} address of a script for the editor */
    async #load(address) {
        try {
            const response = await fetch(address);
            if (!response.ok) throw new Error(`HTTP ${response.status} for ${address.href}`);
            this.#editor?.set(await response.text());
        } catch (error) {
            this.#tell({ message: 'The script could not be loaded.', hint: 'Check the connection and its address.', detail: String(error) });
        }
    }

    async #start() {
        if (this.#isBusy || !this.#editor) return;
        const turn = ++this.#turn;
        this.#output.clear();
        this.#forget();
        this.#busy(true);
        const mine = (/** @type {(...values: any[]) => void} */ act) => (/** @type {any[]} */ ...values) => turn === this.#turn && act(...values);
        const listener = {
            write: mine((runs) => this.#output.write(runs)),
            progress: mine((done) => (this.#progress.value = done)),
            saved: mine((name, file) => this.#show(name, file)),
        };
        const ended = await this.#runner.run(this.#editor.get(), [...(this.#files.files ?? [])], listener).catch(broken);
        if (turn === this.#turn) this.#end(ended);
    }

    #halt() {
        this.#turn++;
        this.#runner.stop();
        this.#end({ code: 130, error: { code: 'cancelled', message: 'Stopped. What was saved before stays.', hint: '', detail: '' } });
    }

    /** @param {import('./script/runner.js').Ended} ended */
    #end(ended) {
        if (ended.error) this.#tell(ended.error);
        this.#output.show();
        this.#busy(false);
        this.dispatchEvent(new CustomEvent('ended', { detail: ended }));
    }

    /** @param {{message: string, hint: string, detail: string}} trouble */
    #tell({ message, hint, detail }) {
        this.#output.write([['err', [message, hint, detail].filter(Boolean).join('\n  ') + '\n']]);
    }

    /** @param {boolean} isBusy */
    #busy(isBusy) {
        // A button that is disabled loses the focus, which would then be nowhere.
        const [on, off] = isBusy ? [this.#stop, this.#run] : [this.#run, this.#stop];
        const isFocused = document.activeElement === off;
        this.#isBusy = isBusy;
        on.disabled = false;
        if (isFocused) on.focus();
        off.disabled = true;
        this.#progress.hidden = !isBusy;
        // Until it says how far it is, that something is going on.
        this.#progress.removeAttribute('value');
        this.ariaBusy = String(isBusy);
    }

    /** @param {string} name @param {Blob} file */
    #show(name, file) {
        const href = URL.createObjectURL(file);
        this.#urls.push(href);
        this.#results.append(make('li', {}, make('a', { href, download: name, textContent: name })));
    }

    #forget() {
        this.#urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
        this.#results.replaceChildren();
        this.#runner.forget();
    }
}

/** @param {string} name */
function exampleAt(name) {
    return new URL(`examples/scripts/${name}.py`, BASE);
}

/** @param {unknown} error @returns {import('./script/runner.js').Ended} */
function broken(error) {
    return { code: 1, error: { code: 'internal', message: 'Python could not start, or broke down.', hint: 'Run it again, or reload the page.', detail: String(error) } };
}

customElements.define('clip-script', ClipScript);
