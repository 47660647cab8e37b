"""What an effect is shown on: small pictures and sounds that FFmpeg makes itself, and files of a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import count

from clipwright.filters.cube import cube
from clipwright.filters.graph import File, FilterChain, FilterGraph, chain, join, use
from clipwright.filters.sources import chart, gradient, noise, tone
from clipwright.filters.subtitles import Cue, written

WIDTH, HEIGHT = 320, 180
SMALL = 160, 90
"""Transitions are shown smaller: some are calculated pixel by pixel."""
RATE = Fraction(25)
SAMPLE_RATE = 48_000
DURATION_US = 2_000_000
CROSSING_US = 500_000, 1_500_000
"""How long a transition takes, and when it starts: the end of the first is the end of it."""
FONT, FONTS = File("preview.ttf"), File("previewfonts")
"""The font that ships, and the folder with it."""
_TABLE, _SUBTITLES = File("preview.cube"), File("preview.srt")
FILES = {"lut1": _TABLE, "subtitles1": _SUBTITLES}
"""The sources that examples name."""


def files() -> dict[str, str]:
    """The texts of the files that previews open, by name."""
    cues = (
        Cue(start_us=0, end_us=1_000_000, text="First this"),
        Cue(start_us=1_000_000, end_us=DURATION_US, text="then that"),
    )
    return {_TABLE.name: cube("calming_teal"), _SUBTITLES.name: written(cues, "srt")}


def seen(made: FilterChain | FilterGraph, size: tuple[int, int] = (WIDTH, HEIGHT)) -> FilterGraph:
    """Pictures of our own of this size, with this done to them."""
    card, ground = (
        chart(size, RATE, DURATION_US),
        gradient(("navy", "gold"), size, RATE, DURATION_US),
    )
    # A transition needs both of one kind.
    alike = chain(use("format", pix_fmts="yuv420p"))
    return _closed(
        made,
        [FilterGraph(((one + alike).between((), "out"),), outputs=("out",)) for one in (card, ground)],
    )


def heard(made: FilterChain | FilterGraph) -> FilterGraph:
    """Tones of our own over hissing, with this done to them; each is higher than the one before."""
    return _closed(made, (_hissing(220 * place, f"hissing{place}") for place in count(1)))


def _hissing(frequency: int, label: str) -> FilterGraph:
    hiss = noise(DURATION_US, color="violet", amplitude=Fraction(1, 5), sample_rate=SAMPLE_RATE)
    both = (f"{label}tone", f"{label}noise")
    mixed = chain(
        use("amix", inputs=2, duration="shortest", normalize=0), use("aformat", channel_layouts="stereo")
    )
    return FilterGraph(
        (
            tone(frequency, DURATION_US, sample_rate=SAMPLE_RATE).between((), both[0]),
            hiss.between((), both[1]),
            mixed.between(both, "out"),
        ),
        outputs=("out",),
    )


def _closed(made: FilterChain | FilterGraph, sources: Iterable[FilterGraph]) -> FilterGraph:
    if isinstance(made, FilterChain):
        made = FilterGraph((made.between("in", "out"),), ("in",), ("out",))
    given = zip(made.inputs, sources, strict=False)
    return join(*(one.renamed({"out": pad}) for pad, one in given), made)
