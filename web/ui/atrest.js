/** When a player may be taken down. */

/** With one of these a player comes to rest. */
const ENDS = ['loadeddata', 'seeked', 'suspend', 'error'];

/**
 * Resolves when a player is not on its way to a picture, or at once. WebKitGTK's must not be taken down before it is there: its
 * threads wait for the page, which waits for them, for good.
 * @param {HTMLVideoElement} video
 */
export async function atRest(video) {
    while (isUnderWay(video)) {
        await Promise.race(ENDS.map((event) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }))));
    }
}

/** @param {HTMLVideoElement} video */
function isUnderWay(video) {
    if (video.error) return false;
    return video.seeking || (video.networkState === HTMLMediaElement.NETWORK_LOADING && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA);
}
