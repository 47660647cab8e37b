/** The page of a stock Pyodide: it starts one and says when it has answered. */

const worker = new Worker(new URL('stock.worker.js', import.meta.url), { type: 'module' });
worker.addEventListener('message', () => (globalThis.answered = performance.now()));
