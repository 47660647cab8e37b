/** The editor: PyScript's CodeMirror, in a shadow of its own so that its styles need no exception from the page's rules. */

/**
 * @param {HTMLElement} place
 * @param {URL} base the folder that `dist/` was copied to
 * @param {string} text
 * @returns {Promise<{get: () => string, set: (text: string) => void}>}
 */
export async function createEditor(place, base, text) {
    const { codemirror } = await import(new URL('pyscript/core.js', base).href);
    const [{ basicSetup, EditorView }, { python }, { indentUnit }, { keymap }, { defaultKeymap, indentWithTab }] = await Promise.all([
        codemirror.core, codemirror.python, codemirror.language, codemirror.view, codemirror.commands,
    ]);
    const root = place.attachShadow({ mode: 'open' });
    const view = new EditorView({
        doc: text,
        extensions: [
            basicSetup, python(), indentUnit.of('    '), keymap.of([...defaultKeymap, indentWithTab]),
            EditorView.contentAttributes.of({ 'aria-label': 'Script' }),
        ],
        parent: root,
        root,
    });
    return {
        get: () => view.state.doc.toString(),
        set: (code) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } }),
    };
}
