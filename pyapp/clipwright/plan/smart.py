"""Whether a picture can be cut smartly: copied but for its edges."""

from __future__ import annotations

from collections.abc import Iterable

from clipwright.containers import RULES, Container
from clipwright.media import Reader, VideoTrack
from clipwright.plan import cut, encode, notes
from clipwright.plan.cut import Window, Wish
from clipwright.plan.tracks import Task

_LONGEST_EDGE_US = 10_000_000
"""A stretch without a key frame that is longer is left to the encoder for whole clips."""

CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})
"""Pictures whose key frames stand for themselves and whose edges something here can encode."""

_COMPOSED: frozenset[Container] = frozenset({"mp4", "mov", "mkv", "webm"})
_PLAIN_PROFILES = {"h264": ("avc1.42", "avc1.4d", "avc1.64"), "vp9": ("vp09.00",), "av1": ("av01.0",)}
"""How codec strings begin where pictures have 8 bits (checked apart) and 4:2:0 colour."""


def obstacle(task: Task, wishes: Iterable[Wish]) -> str:
    """Why the pictures cannot be cut smartly so; empty where they can."""
    media, container, engine, caps = task.media, task.container, task.engine, task.caps
    pictures = cut.pictures(media.info)
    if len(pictures) > 1:
        return "the file has more than one picture track"
    if not pictures:
        return "the file has no picture"
    track = pictures[0]
    name = notes.codec_name(track.codec)
    if track.codec not in CODECS:
        return f"{name} is not cut smartly"
    if container not in _COMPOSED or not RULES[container].holds("video", track.codec):
        return f"{notes.container_name(container)} cannot hold {name}"
    if engine != "native" and media.reader != "media":
        return f"the browser cannot read {notes.container_name(media.info.container)}"
    if track.codec not in caps.encode.get(engine, ()):
        return f"nothing here can encode {name}"
    if not encode.decodes(engine, track.codec, track.index, media.decodable):
        return f"nothing here can decode {name}"
    if any(_is_all_edge(cut.smart(wish)) for wish in wishes):
        return "there is no key frame in it from which copying could start"
    return _limits(track, engine)


def _is_all_edge(window: Window) -> bool:
    """Whether there is nothing to copy in a long stretch, or nobody knows where copying could begin."""
    if window.copied is not None:
        return False
    return window.encoded_frames == 0 or window.span.duration > _LONGEST_EDGE_US


def _limits(track: VideoTrack, engine: Reader) -> str:
    if engine == "native":
        return ""
    if (track.bit_depth or 8) > 8:
        return f"only 8 bits per sample can be encoded here, not {track.bit_depth}"
    plain = _PLAIN_PROFILES.get(track.codec)
    written = (track.codec_string or "").lower().replace("avc3", "avc1")
    if plain and written and not written.startswith(plain):
        return f"the profile {track.codec_string} cannot be encoded here"
    if track.width % 2 or track.height % 2:
        return f"pictures of {track.width}×{track.height} cannot be encoded here as they are"
    return ""
