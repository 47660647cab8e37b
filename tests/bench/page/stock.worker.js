/** A stock Pyodide boot: load it as its documentation shows and answer one question. */

const { loadPyodide } = await import(new URL('pyodide/pyodide.mjs', import.meta.url).href);
const pyodide = await loadPyodide();
self.postMessage(pyodide.runPython('90_000_000'));
