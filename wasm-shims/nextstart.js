/** While nothing is asked for, a snapshot of Python's memory is made, so that the next start is quicker. */

import { spawn } from './spawn.js';

/** @import {Booted} from './python.js' */

/** How long nothing may have been asked for. */
const IDLE_MS = 2000;

/**
 * @param {Booted} python
 * @param {URL} base
 * @param {() => boolean} isIdle
 */
export function prepareNextStart({ modules }, base, isIdle) {
    if (!navigator.storage?.getDirectory) return;
    let idleTicks = 0;
    const timer = setInterval(() => {
        idleTicks = isIdle() ? idleTicks + 1 : 0;
        if (idleTicks < 2) return;
        clearInterval(timer);
        const worker = spawn(new URL('snapshot.worker.js', base), 'clipwright snapshot');
        // Whether it worked shows at the next start.
        worker.addEventListener('message', () => worker.terminate());
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            worker.terminate();
        });
        worker.postMessage({ base: base.href, modules: modules() });
    }, IDLE_MS / 2);
}
