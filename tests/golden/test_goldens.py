"""Plans as JSON and ffmpeg's arguments as text, for a table of files, wishes and machines.

``--renew-goldens`` writes them anew; read the diff before you commit it.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import msgspec
import pytest

from clipwright.capabilities import Capabilities
from clipwright.errors import ClipwrightError
from clipwright.media import (
    AudioTrack,
    Chapter,
    Color,
    CutPoint,
    Media,
    MediaInfo,
    Reader,
    Source,
    SubtitleTrack,
    Track,
    VideoTrack,
)
from clipwright.plan import cut
from clipwright.plan.make import clip_order, plan
from clipwright.plan.request import ClipRequest
from clipwright.plan.steps import Plan, RunFfmpeg

FOLDER = Path(__file__).parent / "plans"
LENGTH_US = 60_000_000

PAGE = Capabilities(
    engines=("media", "ffmpeg"),
    encode={
        "media": ("h264", "vp8", "vp9", "av1", "aac", "opus", "mp3", "flac", "pcm_s16le"),
        "ffmpeg": ("h264", "hevc", "vp8", "vp9", "aac", "opus", "mp3", "flac", "vorbis", "pcm_s16le"),
    },
)
TERMINAL = Capabilities(
    engines=("native",),
    encode={
        "native": ("h264", "hevc", "vp8", "vp9", "av1", "aac", "opus", "mp3", "flac", "vorbis", "pcm_s16le")
    },
)
MACHINES: dict[str, tuple[Capabilities, Reader]] = {"page": (PAGE, "media"), "terminal": (TERMINAL, "native")}


def video(codec: str = "h264", *, index: int = 0, time_base: str = "1/12800", frame_rate: str = "25/1",
          bit_depth: int = 8, color: Color = Color(), pixel_aspect: str = "1/1") -> VideoTrack:  # fmt: skip  # noqa: B008  # a Color never changes
    return VideoTrack(
        index=index, codec=codec, time_base=time_base, start_us=0, duration_us=LENGTH_US, disposition=("default",),
        bitrate=6_000_000, width=1920, height=1080, frame_rate=frame_rate, bit_depth=bit_depth, color=color,
        pixel_aspect=pixel_aspect,
    )  # fmt: skip


def audio(codec: str = "aac", *, index: int = 1, language: str | None = None) -> AudioTrack:
    return AudioTrack(
        index=index, codec=codec, time_base="1/48000", start_us=0, duration_us=LENGTH_US, language=language,
        disposition=("default",) if index < 2 else (), bitrate=128_000, channels=2, sample_rate=48_000,
    )  # fmt: skip


def subtitle(codec: str, index: int) -> SubtitleTrack:
    return SubtitleTrack(
        index=index, codec=codec, time_base="1/1000", start_us=0, duration_us=LENGTH_US, language="eng"
    )


def info(container: str, *tracks: Track, origin_us: int = 0, chapters: tuple[Chapter, ...] = ()) -> MediaInfo:
    return MediaInfo(
        container=container,
        duration_us=LENGTH_US,
        start_us=origin_us,
        origin_us=origin_us,
        chapters=chapters,
        tracks=tracks,
    )


HDR = Color(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", full_range=False)
FILES: dict[str, MediaInfo] = {
    "mp4-h264-aac": info("mp4", video(), audio()),
    "mp4-ntsc": info("mp4", video(time_base="1/30000", frame_rate="30000/1001"), audio()),
    "mp4-hevc-hdr": info("mp4", video("hevc", bit_depth=10, color=HDR), audio()),
    "mp4-wide-pixels": info("mp4", video(pixel_aspect="4/3"), audio()),
    "mkv-full": info(
        "mkv", video(time_base="1/1000"), audio(language="eng"), audio("ac3", index=2, language="deu"),
        subtitle("subrip", 3), subtitle("hdmv_pgs_subtitle", 4), chapters=(Chapter(start_us=0, end_us=LENGTH_US),),
    ),
    "webm-vp9-opus": info("webm", video("vp9", time_base="1/1000"), audio("opus")),
    "ts-mpeg2-ac3": info("mpegts", video("mpeg2video", time_base="1/90000"), audio("ac3"), origin_us=1_400_000),
    "avi-mpeg4-mp3": info("avi", video("mpeg4", time_base="1/25"), audio("mp3")),
    "m4a": info("m4a", audio(index=0)),
    "mp3": info("mp3", audio("mp3", index=0)),
}  # fmt: skip

ON_KEY = CutPoint(
    first_frame=10_000_000,
    key_frame=10_000_000,
    next_key_frame=10_000_000,
    clean_frame=10_000_000,
    clean_end=14_920_000,
    closed_end=15_040_000,
    tail_frames=2,
)
OFF_KEY = CutPoint(
    first_frame=10_360_000,
    key_frame=10_000_000,
    next_key_frame=12_000_000,
    clean_frame=12_000_000,
    clean_end=14_920_000,
    closed_end=15_040_000,
    head_frames=41,
    tail_frames=2,
)
WISHES: dict[str, tuple[ClipRequest, CutPoint]] = {
    "auto-on-key": (ClipRequest(start=10, end=15), ON_KEY),
    "auto-off-key": (ClipRequest(start="10.35", end="0:15"), OFF_KEY),
    "lead-in-allowed": (ClipRequest(start="10.35", end="0:15", allow_lead_in=True), OFF_KEY),
    "lossless": (ClipRequest(start="10.35", duration="5s", mode="lossless"), OFF_KEY),
    "exact": (ClipRequest(start="10.35", end="0:15", mode="exact"), OFF_KEY),
    "exact-to-webm": (ClipRequest(start="10.35", end="0:15", mode="exact", container="webm"), OFF_KEY),
    "lossless-to-mkv": (ClipRequest(start="10.35", end="0:15", mode="lossless", container="mkv"), OFF_KEY),
    "sound-to-mp3": (ClipRequest(start="10.35", end="0:15", container="mp3"), OFF_KEY),
    "past-the-end": (ClipRequest(start="-10", end="2:00", mode="exact"), OFF_KEY),
    "backwards": (ClipRequest(start=15, end=10), ON_KEY),
    "named": (ClipRequest(start=10, end=15, name='a/b:"c"'), ON_KEY),
}

TABLE = [
    *(("mp4-h264-aac", wish, machine) for wish in WISHES for machine in MACHINES),
    *(
        (file, wish, machine)
        for file in FILES
        if file != "mp4-h264-aac"
        for wish in ("lossless", "exact")
        for machine in MACHINES
    ),
    ("mkv-full", "lossless-to-mkv", "page"),
    ("mkv-full", "sound-to-mp3", "page"),
    ("ts-mpeg2-ac3", "auto-off-key", "page"),
    ("webm-vp9-opus", "auto-off-key", "page"),
]  # fmt: skip


def decided(file: str, wish: str, machine: str) -> Plan | ClipwrightError:
    facts = FILES[file]
    request, point = WISHES[wish]
    caps, reader = MACHINES[machine]
    # What Chromium decodes on Linux, where there is no HEVC, MPEG-2, MPEG-4 part 2 or AC-3.
    decodable = tuple(
        t.index for t in facts.tracks if t.codec in ("h264", "vp9", "av1", "aac", "opus", "mp3")
    )
    if facts.container == "avi" and reader == "media":
        reader = "ffmpeg"
    source = Source(id="f1", name=f"holiday.{file.partition('-')[0]}", size=45_000_000)
    media = Media(source=source, info=facts, reader=reader, decodable=decodable if reader == "media" else ())
    try:
        span, said = cut.requested_span(facts, request)
        wish = cut.Wish(media=media, requested=span, notes=said, point=point if facts.video else None)
        return plan(clip_order(wish, request, caps))
    except ClipwrightError as error:
        return error


def written(outcome: Plan | ClipwrightError) -> dict[str, str]:
    """The goldens by their endings: the plan (or the error) as JSON, the arguments of ffmpeg as text."""
    if isinstance(outcome, ClipwrightError):
        return {"json": _json(outcome.body)}
    runs = [step for step in outcome.steps if isinstance(step, RunFfmpeg)]
    bare = tuple(
        msgspec.structs.replace(s, argv=()) if isinstance(s, RunFfmpeg) else s for s in outcome.steps
    )
    texts = {"json": _json(msgspec.structs.replace(outcome, steps=bare))}
    if runs:
        texts["argv.txt"] = "\n".join(f"ffmpeg{_wrapped(step.argv)}\n" for step in runs)
    return texts


def _json(value: object) -> str:
    """JSON with a line for each field and each item of a list, so that a diff shows what changed and no more."""
    lines = []
    for key, field in msgspec.to_builtins(value).items():
        items = (
            [json.dumps(item, ensure_ascii=False) for item in field]
            if isinstance(field, list | tuple)
            else []
        )
        whole = (
            "[\n        " + ",\n        ".join(items) + "\n    ]"
            if items
            else json.dumps(field, ensure_ascii=False)
        )
        lines.append(f'    "{key}": {whole}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _wrapped(argv: tuple[str, ...]) -> str:
    """An option and its values on each line."""
    text = ""
    for word in argv:
        option = word.startswith("-") and not word.lstrip("-").replace(".", "").isdigit()
        shown = f"'{word}'" if " " in word or not word else word
        text += (" \\\n    " if option else " ") + shown
    return text


@pytest.mark.parametrize(("file", "wish", "machine"), TABLE)
def test_plan(request: pytest.FixtureRequest, file: str, wish: str, machine: str) -> None:
    name = f"{file}.{wish}.{machine}"
    found = {f"{name}.{ending}": text for ending, text in written(decided(file, wish, machine)).items()}
    if request.config.getoption("--renew-goldens"):
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob(f"{name}.*"):
            old.unlink()
        for path, text in found.items():
            (FOLDER / path).write_text(text, "utf-8")
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.glob(f"{name}.*")}
    if kept != found:
        pytest.fail(_difference(kept, found), pytrace=False)


def _difference(kept: dict[str, str], found: dict[str, str]) -> str:
    lines: list[str] = []
    for name in sorted({*kept, *found}):
        before, after = kept.get(name, "").splitlines(), found.get(name, "").splitlines()
        lines += difflib.unified_diff(
            before, after, f"{name} as kept", f"{name} as it is now", n=1, lineterm=""
        )
    return "\n".join(lines)


def test_no_golden_is_left_over() -> None:
    """Each golden belongs to a row of the table."""
    rows = {".".join(row) for row in TABLE}
    assert {".".join(path.name.split(".")[:3]) for path in FOLDER.iterdir()} == rows


def test_plans_need_nothing_but_their_inputs() -> None:
    """The same inputs give the same plan, every time."""
    for row in TABLE:
        assert written(decided(*row)) == written(decided(*row))
