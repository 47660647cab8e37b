"""One call of every builder, for goldens and for every engine that runs them.

``PYTHONPATH=pyapp:. python -m tests.unit.filter_examples`` prints the golden texts.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, get_args

from clipwright.filters.cleaning import Band, declick, deess, denoise, deplode, equalize
from clipwright.filters.detail import blur, blur_along, sharpen
from clipwright.filters.distortion import bend_lens, grain, part_colors, pixelate
from clipwright.filters.dynamics import Squeeze, compress, compress_bands
from clipwright.filters.expression import call, clip, variables, when
from clipwright.filters.geometry import crop, fit, flip, pad, rotate, scale, zoom
from clipwright.filters.grading import CurvePreset, adjust, color_table, curves, rotate_hue, vignette
from clipwright.filters.graph import File, FilterChain, FilterGraph
from clipwright.filters.keying import chroma_key, color_key, opacity
from clipwright.filters.loudness import (
    Measured,
    Target,
    gain,
    limit,
    measure_loudness,
    normalize_as_heard,
    normalize_loudness,
    volume,
    volume_over_time,
)
from clipwright.filters.mixing import duck, mix, pan
from clipwright.filters.soundfades import Curve, crossfade_sound, fade_sound
from clipwright.filters.sources import chart, gradient, noise, plain_ground, tone
from clipwright.filters.speed import (
    Pace,
    audio_speed,
    variable_audio_speed,
    variable_video_speed,
    video_speed,
)
from clipwright.filters.subtitles import SubtitleStyle, burn
from clipwright.filters.text import Position, TextPlace, TextStyle, TextTime, clock, text
from clipwright.filters.timing import (
    convert_rate,
    freeze_audio,
    freeze_video,
    hold_last,
    hold_silence,
    reverse_audio,
    reverse_video,
)
from clipwright.filters.tonemapping import hdr_to_sdr
from clipwright.filters.transitions import TRANSITIONS, crossfade, fade_picture

SECOND = 1_000_000
FONT = File("font0.ttf")
FONTS = File("fonts")
SUBTITLES = {form: File(f"in1.{form}") for form in ("srt", "vtt", "ass")}
TABLE = File("in1.cube")
HEARD = Measured(lufs=-23.5, true_peak_db=-6.25, range_lu=3.0, threshold_lufs=-33.9, offset_lu=0.25)
PACES = (
    Pace(start_us=200_000, end_us=400_000, factor=2),
    Pace(start_us=400_000, end_us=600_000, factor=0.5),
)

t, zoomed, P, A, B = variables("t", "zoom", "P", "A", "B")


class Example(NamedTuple):
    """What runs on 1 s of picture (``v``) or sound (``a``): a chain, or a graph with open pads."""

    kind: str
    made: FilterChain | FilterGraph

    @property
    def graph(self) -> FilterGraph:
        """The graph between streams of the first inputs and the pad ``out``."""
        if isinstance(self.made, FilterChain):
            taken = (f"0:{self.kind}",) * self.made.pads[0]
            return FilterGraph((self.made.between(taken, "out"),), outputs=("out",))
        return self.made.renamed({name: f"{n}:{self.kind}" for n, name in enumerate(self.made.inputs)})


PICTURES: dict[str, FilterChain | FilterGraph] = {
    **{f"text {one}": text("Wg", FONT, place=TextPlace(position=one)) for one in get_args(Position)},
    "text styled": text(
        "It's 100%: [a], {b}; \\n",
        FONT,
        style=TextStyle(
            size=20, color="#FFCC00", alpha=0.5, box_color="navy", box_border=4, shadow=2, outline=1, line_spacing=3
        ),
        place=TextPlace(margin=5, x=t * 10, y=5),
        when=TextTime(start_us=100_000, end_us=900_000, fade_in_us=200_000, fade_out_us=200_000),
    ),
    "clock": clock(FONT, before="100% at ", style=TextStyle(size=16)),
    **{f"speed {one}": video_speed(one) for one in (0.25, 0.5, Fraction(4, 3), 4)},
    "variable speed": variable_video_speed(PACES),
    "fade in": fade_picture("in", 500_000),
    "fade out": fade_picture("out", 500_000, start_us=500_000, color="#FF0000"),
    "fade out alpha": fade_picture("out", 500_000, start_us=400_000, alpha=True),
    **{f"crossfade {one}": crossfade(one, 400_000, 400_000) for one in TRANSITIONS},
    "crossfade of one's own": crossfade(A * P + B * (1 - P), 400_000, 400_000),
    "adjust": adjust(brightness=0.1, contrast=1.2, saturation=0.5, gamma=1.5, gamma_rgb=(1, 0.9, 1.1)),
    "hue": rotate_hue(90, saturation=1.5, brightness=1),
    **{f"curves {one}": curves(one) for one in get_args(CurvePreset)},
    "curves drawn": curves(points={"master": ((0, 0), (0.5, Fraction(2, 3)), (1, 1)), "red": ((0, 0.1), (1, 0.9))}),
    "color table": color_table(TABLE),
    "vignette": vignette(0.5),
    "blur": blur(3),
    "blur along": blur_along(30, 8),
    "sharpen": sharpen(2, size=7),
    "chroma key": chroma_key("#00FF00", similarity=0.2, blend=0.1),
    "color key": color_key("blue", similarity=0.3),
    "opacity": opacity(0.5),
    "crop": crop(81, 45),
    "crop at": crop(80, 40, x=13, y=7),
    "scale": scale(320, None),
    "scale both": scale(64, 64, scaler="lanczos"),
    **{f"fit {one}": fit(90, 160, one) for one in ("fit", "fill", "stretch")},
    "pad": pad(200, 200, color="white"),
    "pad at": pad(200, 200, x=10, y=20),
    **{f"rotate {one}": rotate(one) for one in (0, 90, 180, -90, 30)},
    "rotate inside": rotate(-12.5, grow=False, color="red"),
    "rotate clear": rotate(45, alpha=0),
    "flip horizontal": flip("horizontal"),
    "flip vertical": flip("vertical"),
    "zoom": zoom(2, size=(160, 90), rate=25),
    "zoom moving": zoom(call("min", zoomed + Fraction(1, 50), 2), frames=2, size=(160, 90), rate=50),
    "reverse": reverse_video(SECOND),
    "rate duplicate": convert_rate(Fraction(30000, 1001)),
    "rate blend": convert_rate(50, method="blend"),
    "rate motion": convert_rate(50, method="motion"),
    "freeze": freeze_video(400_000, 500_000),
    "freeze first": freeze_video(0, 500_000),
    "freeze, constant": freeze_video(400_000, 500_000) + convert_rate(25),
    "hold last": hold_last(480_000),
    **{f"burn {form}": burn(SUBTITLES[form], FONTS, size=(320, 180)) for form in ("srt", "vtt")},
    "burn ass": burn(SUBTITLES["ass"], FONTS),
    "burn styled": burn(
        SUBTITLES["srt"], FONTS, style=SubtitleStyle(size=30, color="#FF8000", bold=True), size=(320, 180)
    ),
    "lens": bend_lens(-0.2, 0.1),
    "parted colors": part_colors(),
    "grain": grain(30),
    "pixelate": pixelate(20),
    "chart": chart((160, 90), 25, SECOND),
    "plain ground": plain_ground("teal", (160, 90), 25, SECOND),
    "gradient": gradient(("red", "#0000FF"), (160, 90), 25, SECOND),
    "hdr pq": hdr_to_sdr("pq"),
    "hdr hlg": hdr_to_sdr("hlg", operator="mobius", nominal_nits=203),
}  # fmt: skip

SOUNDS: dict[str, FilterChain | FilterGraph] = {
    **{f"tempo {one}": audio_speed(one) for one in (0.25, 0.5, 1, Fraction(4, 3), 4)},
    "tempo of a known length": audio_speed(0.25, duration_us=SECOND),
    "variable tempo": variable_audio_speed(PACES),
    "volume": volume(0.5),
    "volume fixed": volume(2, precision="fixed"),
    "gain": gain(-6),
    "volume over time": volume_over_time(when(call("lt", t, 0.5), 1, clip(1 - t, 0, 1))),
    **{f"sound fade {one}": fade_sound("in", 500_000, curve=one) for one in get_args(Curve)},
    "sound fade out": fade_sound("out", 500_000, start_us=500_000, curve="exp"),
    **{
        f"sound crossfade {one}": crossfade_sound(400_000, curve_out=one, curve_in=one)
        for one in ("tri", "qsin")
    },
    "sound crossfade apart": crossfade_sound(400_000, overlap=False),
    "mix 2": mix(2),
    "mix weighted": mix(3, weights=(1, 0.5, Fraction(1, 3)), ending="shortest", normalize=True),
    "mix 32": mix(32, normalize=True),
    "duck": duck(threshold=0.02, ratio=8, attack_ms=20, release_ms=300),
    "pan left": pan(-1),
    "pan right": pan(0.5),
    "measure loudness": measure_loudness(Target()),
    "normalize loudness": normalize_loudness(Target(lufs=-14), HEARD),
    "normalize as heard": normalize_as_heard(Target(lufs=-14)),
    "limit": limit(-6),
    "limit slowly": limit(-6, attack_ms=80),
    "denoise": denoise(0.5),
    "denoise nothing": denoise(0),
    "declick": declick(),
    "deess": deess(),
    "deplode": deplode(),
    "equalize": equalize(
        (
            Band(frequency=100, gain_db=-12),
            Band(frequency=1000, gain_db=3.5, width=2, width_unit="octaves"),
            Band(frequency=8000, gain_db=-24, width=500, width_unit="hz"),
        )
    ),
    "compress": compress(Squeeze(threshold=0.1, ratio=8, makeup=1.5)),
    "compress bands": compress_bands((200, 2000), (Squeeze(), Squeeze(ratio=8), Squeeze(threshold=0.05))),
    "tone": tone(440, SECOND),
    "noise": noise(SECOND, color="pink"),
    "reverse sound": reverse_audio(SECOND),
    "freeze sound": freeze_audio(400_000, 500_000),
    "freeze sound first": freeze_audio(0, 500_000),
    "hold silence": hold_silence(480_000),
}

EXAMPLES = {
    **{name: Example("v", made) for name, made in PICTURES.items()},
    **{name: Example("a", made) for name, made in SOUNDS.items()},
}


def golden() -> str:
    """Every example as text."""
    return "".join(f"{name}\n    {one.graph.text()}\n" for name, one in EXAMPLES.items())


if __name__ == "__main__":
    print(golden(), end="")
