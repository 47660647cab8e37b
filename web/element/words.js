/** What the element says, by language. What Python says (notes and errors) is English everywhere and marked so. */

const en = {
    clipper: 'Video clipper',
    drop: 'Drop a video or audio file here',
    choose: 'Choose a file',
    reading: 'Reading the file…',
    other: 'Other file',
    keep: 'What to keep',
    in: 'In',
    out: 'Out',
    inPoint: 'In point',
    outPoint: 'Out point',
    playhead: 'Playhead',
    start: 'start',
    end: 'end',
    play: 'Play',
    pause: 'Pause',
    setIn: 'Set in here',
    setOut: 'Set out here',
    mode: 'How to cut',
    auto: 'Auto',
    lossless: 'Lossless',
    smart: 'Smart',
    exact: 'Exact',
    clip: 'Make the clip',
    making: 'Making the clip',
    left: 'about {0} left',
    percent: '{0} percent',
    stopping: 'Stopping…',
    cancel: 'Cancel',
    cancelled: 'Cancelled. Nothing was written.',
    done: 'The clip is ready',
    save: 'Save',
    again: 'Make another',
    opened: '{0} is open',
    unplayable: 'This browser cannot show this format. Cutting works all the same.',
    unseen: 'This browser plays the sound but cannot show these pictures. Cutting works all the same.',
    refused: 'This kind of file is not wanted here.',
    refusedHint: 'Choose another file.',
};

/** @typedef {typeof en} Words */

/** @type {Words} */
const de = {
    clipper: 'Videoschnitt',
    drop: 'Video oder Ton hier ablegen',
    choose: 'Datei auswählen',
    reading: 'Die Datei wird gelesen …',
    other: 'Andere Datei',
    keep: 'Was bleibt',
    in: 'Anfang',
    out: 'Ende',
    inPoint: 'Anfangspunkt',
    outPoint: 'Endpunkt',
    playhead: 'Abspielposition',
    start: 'Anfang der Datei',
    end: 'Ende der Datei',
    play: 'Abspielen',
    pause: 'Anhalten',
    setIn: 'Hier anfangen',
    setOut: 'Hier enden',
    mode: 'Schnittart',
    auto: 'Automatisch',
    lossless: 'Verlustfrei',
    smart: 'Smart',
    exact: 'Genau',
    clip: 'Ausschneiden',
    making: 'Der Ausschnitt entsteht',
    left: 'noch etwa {0}',
    percent: '{0} Prozent',
    stopping: 'Wird abgebrochen …',
    cancel: 'Abbrechen',
    cancelled: 'Abgebrochen. Es wurde nichts geschrieben.',
    done: 'Der Ausschnitt ist fertig',
    save: 'Speichern',
    again: 'Noch einer',
    opened: '{0} ist geöffnet',
    unplayable: 'Dieser Browser kann das Format nicht zeigen. Schneiden geht trotzdem.',
    unseen: 'Dieser Browser spielt den Ton, kann die Bilder aber nicht zeigen. Schneiden geht trotzdem.',
    refused: 'Diese Art von Datei ist hier nicht vorgesehen.',
    refusedHint: 'Wähle eine andere Datei.',
};

/** @type {Map<string, Words>} */
const LANGUAGES = new Map([['en', en], ['de', de]]);

/**
 * Teach the element another language, or change how it speaks one. What is not given stays English.
 * @param {string} language a primary tag: `fr`
 * @param {Partial<Words>} words
 */
export function addWords(language, words) {
    LANGUAGES.set(language, { ...en, ...LANGUAGES.get(language), ...words });
}

/**
 * @param {string} tag such as `de-AT`
 * @returns {{language: string, words: Words}} English where the language is not known
 */
export function wordsFor(tag) {
    const language = tag.toLowerCase().split('-')[0];
    const words = LANGUAGES.get(language);
    return words ? { language, words } : { language: 'en', words: en };
}

/** @param {string} sentence @param {string} value what stands for its `{0}` */
export function fill(sentence, value) {
    return sentence.replace('{0}', () => value);
}

/**
 * Times as they are read out in a language.
 * @param {string} language
 * @returns {((us: number) => string) | undefined} undefined where the browser does not know how
 */
export function speaker(language) {
    const { DurationFormat } = /** @type {any} */ (Intl);
    if (!DurationFormat) return undefined;
    const format = new DurationFormat(language, { style: 'long', secondsDisplay: 'always' });
    return (us) => {
        const ms = Math.floor(Math.max(0, us) / 1000);
        return format.format({
            hours: Math.floor(ms / 3_600_000),
            minutes: Math.floor(ms / 60_000) % 60,
            seconds: Math.floor(ms / 1000) % 60,
            milliseconds: ms % 1000,
        });
    };
}
