/** The running export. */

import { rough } from './clock.js';
import { find } from './dom.js';

/** @import {Progress} from '../protocol.gen.js' */

const MILESTONE = 25;

/**
 * @param {HTMLElement} root
 * @param {{onCancel: () => void, say: (text: string) => void}} events
 */
export function progressView(root, { onCancel, say }) {
    const title = find(root, '#progress-title', HTMLElement);
    const name = find(root, '#progress-name', HTMLElement);
    const percent = find(root, '#progress-percent', HTMLElement);
    const bar = find(root, '#progress-bar', HTMLProgressElement);
    const stage = find(root, '#progress-stage', HTMLElement);
    const left = find(root, '#progress-left', HTMLElement);
    const cancel = find(root, '#cancel', HTMLButtonElement);
    let milestone = 0;

    cancel.addEventListener('click', () => {
        cancel.disabled = true;
        stage.textContent = 'Stopping…';
        left.textContent = '';
        onCancel();
    });

    /** @param {Progress} progress */
    function show({ done, stage: now, eta_s: eta }) {
        if (cancel.disabled) return;
        const whole = Math.floor(done * 100);
        bar.value = done * 100;
        bar.textContent = percent.textContent = `${whole} %`;
        stage.textContent = now.charAt(0).toUpperCase() + now.slice(1);
        left.textContent = eta === null ? '' : `about ${rough(eta)} left`;
        const reached = Math.floor(whole / MILESTONE) * MILESTONE;
        if (reached > milestone) say(`${reached} percent`);
        milestone = Math.max(milestone, reached);
    }

    return {
        show,
        cancel: () => cancel.click(),
        /** @param {string} text the result's name */
        start(text) {
            milestone = 0;
            cancel.disabled = false;
            name.textContent = text;
            show({ done: 0, stage: 'starting', eta_s: null });
            title.focus({ preventScroll: true });
        },
    };
}
