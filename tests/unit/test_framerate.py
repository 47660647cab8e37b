"""Frame rates and the frame grid."""

from __future__ import annotations

from fractions import Fraction

import pytest

from clipwright import framerate
from clipwright.errors import BadRequest
from clipwright.framerate import Label


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25", Fraction(25)),
        (" 25 ", Fraction(25)),
        ("25/1", Fraction(25)),
        ("12.5", Fraction(25, 2)),
        ("25.00", Fraction(25)),
        ("30000/1001", Fraction(30000, 1001)),
        ("60000/2002", Fraction(30000, 1001)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("23.976024", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("29.970", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("119.88", Fraction(120000, 1001)),
        ("29.9", Fraction(299, 10)),
        ("29.98", Fraction(2998, 100)),
        ("2997/100", Fraction(2997, 100)),
        ("1000", Fraction(1000)),
        (Fraction(25), Fraction(25)),
    ],
)
def test_reads_a_rate(text: str | Fraction, rate: Fraction) -> None:
    assert framerate.parse_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0/1",
        "25/0",
        "0/0",
        "-25",
        "1001",
        "25fps",
        "1e3",
        "nan",
        "inf",
        "25.",
        ".5",
        "1/2/3",
        "٣",
        "9" * 5000,
        Fraction(0),
    ],
    ids=lambda text: str(text)[:10],
)
def test_refuses_what_is_no_rate(text: str | Fraction) -> None:
    with pytest.raises(BadRequest) as refused:
        framerate.parse_rate(text)
    assert refused.value.hint
    assert len(refused.value.message) < 100


@pytest.mark.parametrize("drop", [False, True])
def test_labels_run_on_and_drop_frame_leaves_some_out(drop: bool) -> None:
    rate = Fraction(30000, 1001)
    borne = [
        Label(0, minute, second, frame)
        for minute in range(12)
        for second in range(60)
        for frame in range(30)
        if not (drop and minute % 10 and second == 0 and frame < 2)
    ]
    for frame, label in enumerate(borne):
        if label.seconds in (0, 59):
            assert framerate.label_of(frame, rate, drop=drop) == label
            assert framerate.frame_of(label, rate, drop=drop) == frame


def test_a_day_of_drop_frame_is_short_of_a_day_by_less_than_three_frames() -> None:
    rate = Fraction(30000, 1001)
    frame = framerate.frame_of(Label(24, 0, 0, 0), rate, drop=True)
    assert frame == 2_589_408
    assert 0 < 86_400_000_000 - framerate.start_of(frame, rate) < 3 * 33_367


@pytest.mark.parametrize(
    "rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(1000), Fraction(1, 2)]
)
def test_the_frame_grid_has_no_gap_and_no_overlap(rate: Fraction) -> None:
    for frame in [*range(100), 2_071_928, 2_071_929]:
        start, after = framerate.start_of(frame, rate), framerate.start_of(frame + 1, rate)
        assert [framerate.frame_at(us, rate) for us in (start, after - 1, after)] == [frame, frame, frame + 1]
        assert [framerate.frames_before(us, rate) for us in (start, start + 1)] == [frame, frame + 1]


@pytest.mark.parametrize(
    ("rate", "dropped"),
    [
        ("29.97", 2),
        ("2997/100", 2),
        ("59.94", 4),
        ("23.976", 0),
        ("30", 0),
        ("60", 0),
        ("119.88", 0),
        ("25", 0),
    ],
)
def test_drop_frame_exists_at_two_rates(rate: str, dropped: int) -> None:
    assert framerate.dropped_per_minute(framerate.parse_rate(rate)) == dropped
