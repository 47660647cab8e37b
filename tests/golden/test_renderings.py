"""What ffmpeg is told to render projects with, as text: a line for each word, and for each chain of the graph.

``--renew-goldens`` writes it anew; read the diff before you commit it.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from clipwright.capabilities import Capabilities
from clipwright.filters.layout import diagonal, picture_in_picture
from clipwright.media import AudioTrack, Color, Media, MediaInfo, Source, VideoTrack
from clipwright.plan.compose import compose
from clipwright.plan.order import Composition
from clipwright.plan.presets import Export
from clipwright.plan.steps import Assemble, RunFfmpeg
from clipwright.project.document import (
    Clip,
    Document,
    Ducking,
    Effect,
    Marker,
    Output,
    Soft,
    Track,
    Transform,
    Transition,
)
from tests.unit.films import SECOND, clip, film

FOLDER = Path(__file__).parent / "renderings"
CAPS = Capabilities(engines=("native",), encode={"native": ("h264", "aac", "vp9", "opus")})
PICTURE = VideoTrack(
    index=0, codec="h264", time_base="1/12800", start_us=0, width=1920, height=1080, frame_rate="25"
)
PHONE = VideoTrack(
    index=0,
    codec="hevc",
    time_base="1/600",
    start_us=0,
    width=1920,
    height=1080,
    rotation=90,
    frame_rate="30000/1001",
    color=Color(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc"),
)
SOUND = AudioTrack(index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000)
FADE = Transition(before="c1", after="c2", name="fade", duration_us=400_000)
TITLE = Track(
    id="t",
    kind="text",
    clips=(
        Clip(
            id="t1", start_us=0, end_us=SECOND, text="It's 100%: [a], b;\n\\c", style={"position": "top_left"}
        ),
    ),
)
INSET = Transform(cell=picture_in_picture()[1], rotation=10, opacity=0.5)
HALVES = [Transform(cell=cell) for cell in diagonal()]
MARKERS = (Marker(id="m1", time_us=300_000, name="a=b;\\"), Marker(id="m2", time_us=900_000))
SAID = (
    Clip(id="s1", start_us=200_000, end_us=700_000, text="It's <b>;\nhere"),
    clip("s2", SECOND, (0, SECOND), source="t"),
)
SOFT = tuple(
    Track(
        id=f"soft-{language}",
        kind="subtitle",
        name="Said",
        clips=SAID[n:],
        soft=Soft(language=language, default=not n),
    )
    for n, language in enumerate(("de", "en"))
)
WORDS = "[Script Info]\n\n[Events]\nDialogue: 0,0:00:00.50,0:00:09.00,Big,,0,0,0,,{\\i1}Two\n"

DOCUMENTS: dict[str, tuple[Document, Export]] = {
    "cuts": (
        film(clip("c1", 0, (SECOND, 2 * SECOND)), clip("c2", 1_500_000, (0, SECOND))),
        Export(copy=False),
    ),
    "transition": (
        film(
            clip("c1", 0, (0, SECOND)),
            clip("c2", 600_000, (2 * SECOND, 4 * SECOND), "2"),
            transitions=(FADE,),
        ),
        Export(preset="high"),
    ),
    "layers": (
        film(
            clip("c1", 0, (0, SECOND), effects=(Effect(name="blur", start_us=200_000),)),
            over=(
                Track(
                    id="o",
                    kind="video",
                    volume=0.5,
                    clips=(clip("o1", 200_000, (0, SECOND), transform=INSET),),
                ),
                TITLE,
            ),
        ),
        Export(preset="vertical"),
    ),
    "phone": (film(clip("c1", 0, (0, SECOND), source="p")), Export(preset="web")),
    "diagonal": (
        film(
            clip("c1", 0, (0, SECOND), transform=HALVES[0]),
            over=(Track(id="o", kind="video", clips=(clip("o1", 0, (0, SECOND), transform=HALVES[1]),)),),
        ),
        Export(preset="discord", max_bytes=500_000),
    ),
    "part-as-gif": (
        film(clip("c1", 0, (0, 3 * SECOND)), effects=(Effect(name="vignette"),)),
        Export(preset="gif", start_us=SECOND, end_us=2 * SECOND),
    ),
    "still": (film(clip("c1", 0, (0, 3 * SECOND))), Export(preset="still", at_us=1_000_000)),
    "sound": (film(clip("c1", 0, (0, SECOND)), over=(TITLE,)), Export(preset="audio")),
    "ducked": (
        film(
            clip("c1", 0, (0, SECOND)),
            over=(
                Track(
                    id="music",
                    kind="audio",
                    clips=(clip("m1", 0, (0, 2 * SECOND)),),
                    effects=(Effect(name="gain", params={"db": -6}, end_us=SECOND),),
                    ducking=Ducking(voices=("v",), params={"ratio": 8}),
                ),
            ),
            effects=(Effect(name="speed", params={"factor": 2}),),
        ),
        Export(start_us=200_000, end_us=800_000),
    ),
    "texts": (Document(tracks=(TITLE,), output=Output(width=640, height=360)), Export(format="webm")),
    "soft": (
        film(clip("c1", 0, (0, 2 * SECOND)), over=SOFT[:1], markers=MARKERS),
        Export(format="mov", start_us=400_000),
    ),
    "soft-portions": (
        film(*(clip(f"c{n}", n * SECOND, (0, SECOND)) for n in range(50)), over=SOFT, markers=MARKERS),
        Export(format="mkv"),
    ),
    "portions": (film(*(clip(f"c{n}", n * SECOND, (0, SECOND)) for n in range(60))), Export(preset="draft")),
}


def media(name: str, picture: VideoTrack) -> Media:
    info = MediaInfo(container="mp4", duration_us=60 * SECOND, tracks=(picture, SOUND), origin_us=0)
    return Media(source=Source(id=f"id-{name}", name=f"{name}.mp4", size=10**6), info=info, reader="native")


def written(name: str) -> str:
    document, export = DOCUMENTS[name]
    plan = compose(
        Composition(
            document=document,
            files={"a": media("a", PICTURE), "p": media("p", PHONE)},
            texts={"t": WORDS},
            export=export,
            caps=CAPS,
            engine="native",
            output="r",
        )
    )
    said = [f"{plan.name}: {plan.width} x {plan.height}, {plan.frame_rate} fps, {plan.duration_us} us"]
    for step in plan.steps:
        if isinstance(step, RunFfmpeg):
            files = ", ".join(f"{mount.name} = {mount.id}" for mount in (*step.inputs, *step.assets))
            words = " ".join(_shown(word) for word in step.argv)
            said.append(f"\nffmpeg ({files}), {step.duration_us} us\n{words}")
            said += (f"\n{one.name}:\n{indent(one.text.strip(), '  ')}" for one in step.texts)
        elif isinstance(step, Assemble):
            said.append("\nassemble " + "; ".join(f"{one.kind} of {len(one.pieces)}" for one in step.tracks))
    return "\n".join(said) + "\n"


def _shown(word: str) -> str:
    """Options begin a line, and so does each chain of a graph."""
    if word.startswith("-") and not word[1:2].isdigit():
        return f"\n  {word}"
    return re.sub(r"(?<!\\);", ";\n      ", f"\n      {word}") if ";" in word else word


@pytest.mark.parametrize("name", DOCUMENTS)
def test_rendering(name: str, request: pytest.FixtureRequest) -> None:
    golden = FOLDER / f"{name}.txt"
    text = written(name)
    if request.config.getoption("--renew-goldens"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(DOCUMENTS)
