/** What scripts print, on the page: the end of it, and no more often than eyes can follow. */

const MOST = 200_000;
const LEFT_OUT = '… what came before is left out …\n';
const PAUSE_MS = 100;
/** So near to the end one reads along. */
const NEAR_PX = 24;

/** @param {HTMLElement} place */
export function createOutput(place) {
    /** @type {[string, string][]} */
    let held = [];
    /** @type {number | undefined} */
    let later;
    let length = 0;

    function show() {
        clearTimeout(later);
        later = undefined;
        const isFollowed = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_PX;
        place.append(...held.map(([kind, text]) => span(kind, text)));
        held = [];
        if (length > MOST) shorten();
        if (isFollowed) place.scrollTop = place.scrollHeight;
    }

    function shorten() {
        place.querySelector('.cut')?.remove();
        let over = length - MOST;
        while (over > 0 && place.firstChild) {
            const text = place.firstChild.textContent ?? '';
            if (text.length <= over) place.firstChild.remove();
            else place.firstChild.textContent = text.slice(over);
            over -= text.length;
        }
        length = MOST;
        place.prepend(span('cut', LEFT_OUT));
    }

    return {
        /** @param {[string, string][]} runs each with its kind */
        write(runs) {
            for (const [kind, text] of runs) {
                // Of what is longer than all that is shown, only the end is needed.
                held.push([kind, text.slice(-MOST - 1)]);
                length += Math.min(text.length, MOST + 1);
            }
            // A page that nobody sees is given few turns.
            if (length > 2 * MOST) show();
            else later ??= setTimeout(show, PAUSE_MS);
        },
        show,
        clear() {
            held = [];
            length = 0;
            show();
            place.replaceChildren();
        },
    };
}

/** @param {string} className @param {string} textContent */
function span(className, textContent) {
    return Object.assign(document.createElement('span'), { className, textContent });
}
