/** Ask often, keep only the answer to the last question. */

/**
 * @template T
 * @param {number} pauseMs how long a question must stand before it is asked
 * @param {{ask: () => Promise<T>, onAnswer: (answer: T) => void, onError: (error: unknown) => void}} options
 */
export function latest(pauseMs, { ask, onAnswer, onError }) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let question = 0;

    async function run() {
        const mine = question;
        try {
            const answer = await ask();
            if (mine === question) onAnswer(answer);
        } catch (error) {
            if (mine === question) onError(error);
        }
    }

    return {
        ask() {
            question += 1;
            clearTimeout(timer);
            timer = setTimeout(() => void run(), pauseMs);
        },
        /** Nobody wants the answer any more. */
        drop() {
            question += 1;
            clearTimeout(timer);
        },
    };
}
