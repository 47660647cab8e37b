"""A project with subtitles that can be switched off and with markers, and what its results have to say of both."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import msgspec

from clipwright.project.document import Clip, Document, Footage, Marker, Soft, Track
from tests.unit.films import SECOND, clip, film

TITLES = ("a=b; [c] #d\\", "“ö” 😀 {e}")
FILES = {
    "said.srt": "1\n00:00:00,200 --> 00:00:00,600\n<i>One</i> & 2\n\n2\n00:00:01,000 --> 00:00:03,000\nTwo\n",
    "said.ass": "[Script Info]\nPlayResX: 640\n\n"
    "[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Big,Arial,40\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:00.40,0:00:01.00,Big,,0,0,0,,{\\pos(9,9)\\b1}Hi{\\b0} you\n",
}


class Cue(NamedTuple):
    """What is said, without its marks, from when to when in milliseconds."""

    start_ms: int
    end_ms: int
    text: str


class Captions(NamedTuple):
    """A track of subtitles: its codec as PyAV calls it, and what is in it."""

    codec: str
    language: str
    title: str
    cues: list[Cue]


GERMAN = [Cue(200, 600, "One & 2"), Cue(600, 800, "It's {x} <b>\\N, 100%\nso"), Cue(900, 1200, "Two")]
ENGLISH = [Cue(400, 1000, "Hi you")]
CHAPTERS = [(400, 800, TITLES[0]), (800, 1200, TITLES[1])]
CODECS = {"mp4": "mov_text", "mov": "mov_text", "mkv": "srt", "webm": "webvtt"}


def wanted(container: str) -> list[Captions]:
    """What is to be found of the project in a container."""
    codec = CODECS[container]
    return [
        Captions(codec, "ger" if container == "mov" else "deu", "Deutsch, für alle", GERMAN),
        Captions("ssa" if container == "mkv" else codec, "eng", "English", ENGLISH),
    ]


def project(*clips: Clip) -> Document:
    """1.2 seconds, 30 pictures, of these clips, or of one."""
    said = Clip(id="s2", start_us=600_000, end_us=800_000, text=GERMAN[1].text)
    german = (
        clip("s1", 0, (0, 600_000), source="said.srt"),
        said,
        # Twice as fast from 0.8 s on, when it is 0.8 s there.
        clip("s3", 800_000, (800_000, 1_600_000), "2", source="said.srt"),
    )
    document = film(
        *(clips or (clip("c1", 0, (0, 1_200_000)),)),
        over=(
            Track(
                id="de",
                kind="subtitle",
                name="Deutsch, für alle",
                clips=german,
                soft=Soft(language="de", default=True),
            ),
            Track(
                id="en",
                kind="subtitle",
                name="English",
                clips=(clip("s4", 0, (0, 1_200_000), source="said.ass"),),
                soft=Soft(language="en"),
            ),
        ),
        markers=tuple(
            Marker(id=f"m{n}", time_us=(1 + n) * 400_000, name=title) for n, title in enumerate(TITLES)
        ),
    )
    sources = (Footage(id=name, name=name, duration_us=9 * SECOND) for name in FILES)
    return msgspec.structs.replace(document, sources=(*document.sources, *sources))


def written(folder: Path) -> list[Path]:
    """The project's files of subtitles, in its order."""
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in FILES]


def found(path: Path) -> list[Captions]:
    """The tracks of subtitles in a file."""
    with av.open(str(path)) as opened:
        streams = opened.streams.subtitles
        cues: dict[int, list[Cue]] = {stream.index: [] for stream in streams}
        for packet in opened.demux(streams):
            text = _text(bytes(packet), packet.stream.codec_context.name)
            if packet.pts is not None and text:
                start, base = packet.pts, packet.time_base
                ends = (start, start + (packet.duration or 0))
                cues[packet.stream.index].append(Cue(*(_ms(at * base) for at in ends), text))
        return [
            Captions(
                stream.codec_context.name,
                stream.metadata.get("language", ""),
                stream.metadata.get("title") or stream.metadata.get("name", ""),
                cues[stream.index],
            )
            for stream in streams
        ]


def defaults(path: Path) -> list[bool]:
    """Which tracks of subtitles are shown unless somebody chooses otherwise."""
    with av.open(str(path)) as opened:
        return [bool(stream.disposition & stream.disposition.default) for stream in opened.streams.subtitles]


def chapters(path: Path) -> list[tuple[int, int, str]]:
    """Start and end in milliseconds, and title, of each chapter that has one."""
    with av.open(str(path)) as opened:
        told = [
            (one["start"] * one["time_base"], one["end"] * one["time_base"], one["metadata"])
            for one in opened.chapters()
        ]
    return [(_ms(start), _ms(end), tags["title"].rstrip()) for start, end, tags in told if tags.get("title")]


def _ms(seconds: Fraction) -> int:
    return round(seconds * 1000)


def _text(data: bytes, codec: str) -> str:
    said = data[2 : 2 + int.from_bytes(data[:2], "big")] if codec == "mov_text" else data
    text = said.decode()
    if codec == "ssa":
        text = text.split(",", 8)[-1].replace("{\\pos(9,9)\\b1}", "").replace("{\\b0}", "")
    if codec == "webvtt":
        for entity, sign in (("&lt;", "\0"), ("&gt;", "\1"), ("&amp;", "&")):
            text = text.replace(entity, sign)
    for tag in ("<i>", "</i>", "<b>", "</b>"):
        text = text.replace(tag, "") if codec != "mov_text" else text
    return text.replace("\0", "<").replace("\1", ">").replace("\u2060", "")
