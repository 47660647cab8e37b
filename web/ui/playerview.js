/** What stands around the picture: its cover, and the buttons that show how it plays. */

import { find, setIcon } from './dom.js';

/** @import {View} from './player.js' */

/** @param {HTMLElement} root */
export function playerView(root) {
    const frame = find(root, '#player', HTMLElement);
    const note = find(root, '#cover-text', HTMLElement);
    const coverIcon = find(root, '#cover-icon', SVGUseElement);
    const play = find(root, '#play', HTMLButtonElement);
    const playIcon = find(root, '#play-icon', SVGUseElement);
    const range = find(root, '#play-range', HTMLButtonElement);
    const mute = find(root, '#mute', HTMLButtonElement);
    const muteIcon = find(root, '#mute-icon', SVGUseElement);

    return {
        /** @param {View} view @param {string} text */
        show(view, text) {
            frame.dataset.view = view;
            note.textContent = text;
            setIcon(coverIcon, view === 'none' ? 'info' : 'wave');
            play.disabled = range.disabled = view === 'none';
        },
        /** @param {boolean} playing */
        showPlaying(playing) {
            setIcon(playIcon, playing ? 'pause' : 'play');
            play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
        },
        /** @param {boolean} muted */
        showMuted(muted) {
            mute.setAttribute('aria-pressed', String(muted));
            setIcon(muteIcon, muted ? 'muted' : 'sound');
        },
    };
}
