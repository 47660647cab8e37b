/** The editor: PyScript's CodeMirror, in a shadow of its own so that its styles need no exception from the page's rules. */

/** The colours are the page's, whether it is light or dark. */
const LOOK = {
    '&': { fontSize: '0.9375rem' },
    // The page draws one around all of it.
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { minHeight: '12rem', maxHeight: '60vh', fontFamily: 'ui-monospace, Menlo, Consolas, monospace' },
    '.cm-content': { caretColor: 'CanvasText' },
    '.cm-cursor': { borderLeftColor: 'CanvasText' },
    '.cm-gutters': { background: 'transparent', color: 'GrayText', borderRight: '1px solid color-mix(in srgb, CanvasText 20%, transparent)' },
    '.cm-activeLine, .cm-activeLineGutter': { background: 'color-mix(in srgb, CanvasText 6%, transparent)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
        background: 'color-mix(in srgb, Highlight 35%, transparent)',
    },
};

/**
 * @param {HTMLElement} place
 * @param {URL} base the folder that `dist/` was copied to
 * @param {() => void} onRun somebody pressed Ctrl or ⌘ and Enter
 * @returns {Promise<{get: () => string, set: (text: string) => void}>}
 */
export async function createEditor(place, base, onRun) {
    const { codemirror } = await import(new URL('pyscript/core.js', base).href);
    const [{ basicSetup, EditorView }, { python }, language, { keymap }, { defaultKeymap, indentWithTab }] = await Promise.all([
        codemirror.core, codemirror.python, codemirror.language, codemirror.view, codemirror.commands,
    ]);
    const run = { key: 'Mod-Enter', run: () => (onRun(), true) };
    const root = place.attachShadow({ mode: 'open' });
    const view = new EditorView({
        extensions: [
            // Before the others, one of which has another use for this key.
            keymap.of([run]),
            basicSetup, python(), language.indentUnit.of('    '), keymap.of([...defaultKeymap, indentWithTab]),
            EditorView.contentAttributes.of({ 'aria-label': 'Script' }), EditorView.theme(LOOK), colours(language),
        ],
        parent: root,
        root,
    });
    return {
        get: () => view.state.doc.toString(),
        set: (code) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } }),
    };
}

/** CodeMirror's own colours, lighter on dark pages. @param {any} language */
function colours({ HighlightStyle, defaultHighlightStyle, syntaxHighlighting }) {
    const specs = defaultHighlightStyle.specs.map((/** @type {{color?: string}} */ spec) =>
        spec.color ? { ...spec, color: `light-dark(${spec.color}, hsl(from ${spec.color} h 70% 75%))` } : spec,
    );
    return syntaxHighlighting(HighlightStyle.define(specs));
}
