/** WebKit with GStreamer under it (WebKitGTK, WPE), as far as it must be told apart. */

/** Apple's WebKit never runs under X11, which these name under Wayland, too; Chromium says AppleWebKit, and its own name. */
const AGENT = /^(?!.*Chrom(?:e|ium)\/).*\bX11\b.*AppleWebKit\//;

/**
 * Whether decoded sound kills the tab. In WebKitGTK 2.50 `AudioData.copyTo` frees what it did not allocate when it is asked for samples
 * as they are, and stops the process where a part of interleaved ones is asked for. Its `AudioEncoder` also keeps the end of the sound
 * to itself. It says that it supports all of that, and nothing that ends the tab can be tried. Pictures are as good as elsewhere,
 * but for AV1: libaom stops the process over what it is asked for.
 * @param {string} agent what the browser calls itself
 */
export function diesOfSound(agent) {
    return AGENT.test(agent);
}
