"""What filters are tried on: a second of picture or sound, and the files that they may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

from clipwright.filters.cube import cube
from clipwright.filters.subtitlelines import Form
from clipwright.filters.subtitles import Cue, written
from tests.equipment import ROOT
from tests.unit.filter_examples import FONTS, SUBTITLES, TABLE

SIZE = (160, 90)
RATE, SAMPLES = 25, 48_000
CUES = (
    Cue(start_us=0, end_us=500_000, text="One <b>two</b> {\\an8}\n\n\\N 00:00 --> 00:01"),
    Cue(start_us=500_000, end_us=1_000_000, text="& three"),
)
FORMS: tuple[Form, ...] = ("srt", "vtt", "ass")
TEXTS = {SUBTITLES[form].name: written(CUES, form) for form in FORMS} | {TABLE.name: cube("calming_teal")}
"""The files of text that examples name, and what stands in them."""
FONT_FILES = tuple(
    ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / f"DejaVuSans{weight}.ttf" for weight in ("", "-Bold")
)
"""The fonts that ship; examples draw with the first."""
SOUND = f"aevalsrc=exprs=0.5*sin(2*PI*440*t)|0.25*sin(2*PI*660*t):s={SAMPLES}:d=1"
QUIET = f"aevalsrc=exprs=0.1*sin(2*PI*220*t)|0.1*sin(2*PI*220*t):s={SAMPLES}:d=1"


def picture(width: int, height: int) -> str:
    """A source of lavfi's with much in it that moves."""
    return f"testsrc2=s={width}x{height}:r={RATE}:d=1"


def other(width: int, height: int) -> str:
    """A source of lavfi's that stays as it is, from red to blue."""
    return (
        f"gradients=s={width}x{height}:r={RATE}:d=1:seed=7:c0=red:c1=blue:x0=0:y0=0:x1={width}:y1={height}"
        ":speed=0.00001"
    )


PICTURE, OTHER = picture(*SIZE), other(*SIZE)


def lay_fonts(folder: Path) -> Path:
    """The folder with the fonts, in `folder`."""
    fonts = folder / FONTS.name
    fonts.mkdir()
    for font in FONT_FILES:
        shutil.copy(font, fonts)
    return fonts
