/** The scale above the timeline. */

import { shortClock } from './clock.js';

/** @import {Viewport} from './viewport.js' */

const LABEL_PX = 64;
const STEPS_S = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000];

/**
 * @param {HTMLElement} element
 * @returns {(view: Viewport, widthPx: number) => void} draw the scale anew
 */
export function ruler(element) {
    const scale = document.createElement('div');
    scale.className = 'ruler__scale';
    element.append(scale);

    return (view, widthPx) => {
        const atLeast = (view.length / 1e6) * (LABEL_PX / Math.max(widthPx, 1));
        const step = (STEPS_S.find((seconds) => seconds >= atLeast) ?? Math.ceil(atLeast / 36000) * 36000) * 1e6;
        const ticks = [];
        for (let us = Math.ceil(view.start / step) * step; us <= view.end; us += step) ticks.push(tick(us, view.fraction(us)));
        scale.replaceChildren(...ticks);
    };
}

/** @param {number} us @param {number} fraction */
function tick(us, fraction) {
    const mark = document.createElement('span');
    mark.className = 'tick';
    mark.style.left = `${fraction * 100}%`;
    const label = document.createElement('span');
    label.className = 'tick__label';
    label.textContent = shortClock(us);
    mark.append(label);
    return mark;
}
