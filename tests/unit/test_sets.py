"""Parameter sets of several files in one configuration, and HEVC ids that make room for it."""

from __future__ import annotations

import pytest

from clipwright.bitstream import nal, renumber, sets
from clipwright.bitstream.sets import Contradiction, Sets

# x264's for 320x180 at 25 frames per second (High, level 1.2).
SPS = bytes.fromhex("6764000cacd941419f9e1000000300100000030320f1429960")
PPS = bytes.fromhex("68ef86f2c0")


def avcc(*units: bytes, level: int = 12) -> bytes:
    sps = [unit for unit in units if unit[0] & 31 == 7]
    pps = [unit for unit in units if unit[0] & 31 == 8]
    words = b"".join(len(unit).to_bytes(2) + unit for unit in sps)
    words += bytes([len(pps)]) + b"".join(len(unit).to_bytes(2) + unit for unit in pps)
    return bytes([1, 0x64, 0, level, 0xFF, 0xE0 | len(sps)]) + words + b"\xfd\xf8\xf8\0"


def other(unit: bytes, *, level: int = 12) -> bytes:
    """The unit with id 31: ue(31) is 00000100000 in place of 1."""
    at = 1 + (3 if unit[0] & 31 == 7 else 0)
    bits = "".join(f"{byte:08b}" for byte in unit[at:])
    bits = "00000100000" + bits[1:] if unit[0] & 31 == 7 else "00000100000" * 2 + bits[2:]
    bits += "0" * (-len(bits) % 8)
    head = unit[:at] if at == 1 else unit[:3] + bytes([level])
    return head + int(bits, 2).to_bytes(len(bits) // 8).rstrip(b"\0")


def test_ids_are_read():
    assert [sets.set_id("h264", unit) for unit in (SPS, PPS, other(SPS), other(PPS))] == [0, 0, 31, 31]


def test_both_files_sets_stand_in_the_record_and_what_follows_them_is_kept():
    one, two = avcc(SPS, PPS), avcc(other(SPS), other(PPS))
    merged = sets.merged([sets.read("h264", one), sets.read("h264", two)])
    assert merged == avcc(SPS, other(SPS), PPS, other(PPS))


def test_the_higher_level_is_declared():
    two = sets.read("h264", avcc(other(SPS, level=51), other(PPS)))
    assert sets.merged([sets.read("h264", avcc(SPS, PPS)), two])[3] == 51


def test_the_same_sets_leave_the_record_as_it_is():
    one = avcc(SPS, PPS)
    more = bytes([PPS[0] & 31]) + PPS[1:]
    assert sets.merged([sets.read("h264", one), sets.read("h264", one)]) == one
    assert sets.merged([sets.read("h264", one), sets.read("h264", avcc(SPS, more))]) == one


def test_one_id_for_two_things_is_a_contradiction():
    changed = PPS[:-1] + b"\xc1"
    with pytest.raises(Contradiction, match="type 8, id 0"):
        sets.merged([sets.read("h264", avcc(SPS, PPS)), sets.read("h264", avcc(SPS, changed))])


def test_streams_with_start_codes_are_joined_with_start_codes():
    stream = b"\0\0\0\1" + SPS + b"\0\0\1" + PPS
    merged = sets.merged([sets.read("h264", stream), sets.read("h264", avcc(other(SPS), other(PPS)))])
    assert list(nal.units(merged, 0)) == [SPS, PPS, other(SPS), other(PPS)]
    assert merged.startswith(b"\0\0\0\1")


# x265's for the same pictures (Main).
HEVC = (
    bytes.fromhex("40010c01ffff01600000030090000003000003003c959409"),
    bytes.fromhex("42010101600000030090000003000003003ca00a080c1f3e595952930b9a020000030002000003003210"),
    bytes.fromhex("4401c073c189"),
)


def test_hevc_sets_get_the_ids_that_are_asked_for():
    made = renumber.renumbered(Sets("hevc", b"", HEVC), renumber.Ids(15, 14, 30))
    assert [sets.set_id("hevc", unit) for unit in made.units] == [15, 14, 30]
    back = renumber.renumbered(Sets("hevc", b"", HEVC), renumber.Ids(0, 0, 0))
    assert back.units == HEVC


def test_ids_are_given_downwards_and_the_same_sets_get_the_same():
    one = Sets("hevc", b"", HEVC)
    changed = Sets("hevc", b"", tuple(unit[:-1] + bytes([unit[-1] ^ 64]) for unit in HEVC))
    numbering = renumber.Numbering([one, renumber.renumbered(one, renumber.Ids(15, 3, 30))])
    assert numbering.ids(one) is None
    assert numbering.ids(changed) == renumber.Ids(14, 15, 29)
    assert numbering.ids(changed) == renumber.Ids(14, 15, 29)


def test_ids_from_an_earlier_result_serve_again():
    one, other = Sets("hevc", b"", HEVC), Sets("hevc", b"", (*HEVC[:2], HEVC[2][:-1] + b"\x88"))
    made = renumber.renumbered(one, renumber.Ids(15, 15, 30))
    assert renumber.Numbering([other, made]).ids(one) == renumber.Ids(15, 15, 30)


def test_what_is_to_be_told_apart_from_itself_gets_ids_of_its_own():
    numbering = renumber.Numbering([Sets("hevc", b"", HEVC)])
    assert numbering.ids(Sets("hevc", b"", HEVC), apart=True) == renumber.Ids(15, 15, 30)


def test_sets_of_h264_keep_their_ids_where_nothing_else_has_them():
    edge = Sets("h264", b"", (other(SPS), other(PPS)))
    assert renumber.Numbering([Sets("h264", b"", (SPS, PPS))]).ids(edge) is None
    assert renumber.Numbering([edge]).ids(edge) is None


def test_sets_of_h264_get_ids_that_no_one_has():
    plain = Sets("h264", b"", (SPS, PPS))
    edge = renumber.renumbered(plain, renumber.Ids(0, 31, 31))
    assert renumber.renumbered(edge, renumber.Ids(0, 0, 0)) == plain
    taken = Sets("h264", b"", (other(SPS[:-1] + b"\x61"), other(PPS[:-1] + b"\xc1")))
    numbering = renumber.Numbering([taken])
    ids = numbering.ids(edge)
    assert ids == numbering.ids(edge) == renumber.Ids(0, 30, 32)
    made = renumber.renumbered(edge, ids)
    assert [sets.set_id("h264", unit) for unit in made.units] == [30, 32]
    assert renumber.renumbered(made, renumber.Ids(0, 31, 31)) == edge
    assert sets.merged([taken, made])


def test_a_slice_of_h264_stays_as_long_as_it_is():
    # first_mb_in_slice 0, slice_type 7, the set's id 31, then zeros that need something put between.
    head = "1" + "0001000" + "00000100000"
    body = bytes([0, 0, 3, 1, *range(1, 40)])
    unit = b"\x65" + int(head + "10101", 2).to_bytes(3) + body
    (made,) = renumber.sample("h264", [unit], renumber.Ids(0, 30, 33))
    assert made == b"\x65" + int("1" + "0001000" + "00000100010" + "10101", 2).to_bytes(3) + body
    assert renumber.sample("h264", [b"\x06\x05\x01"], renumber.Ids(0, 30, 33)) == [b"\x06\x05\x01"]


def test_a_slice_of_h264_with_a_shorter_id_is_refused():
    unit = b"\x65" + int("1" + "0001000" + "1" + "1" * 15, 2).to_bytes(3) + bytes(range(1, 40))
    with pytest.raises(Contradiction):
        renumber.sample("h264", [unit], renumber.Ids(0, 30, 33))


def test_a_slice_moves_by_one_byte():
    plain = bytes([0x02, 0x01, 0b1_1_101010, 7, 8])
    key = bytes([0x26, 0x01, 0b1_0_1_01010, 7, 8])
    ids = renumber.Ids(15, 15, 30)
    made = renumber.sample("hevc", [plain, key, b"\x50\x01\x80"], ids)
    assert made[0] == bytes([0x02, 0x01, 0b1_0000111, 0b11_101010, 7, 8])
    assert made[1] == bytes([0x26, 0x01, 0b1_0_000011, 0b111_01010, 7, 8])
    assert made[2] == b"\x50\x01\x80"


def test_a_slice_with_another_set_is_refused():
    with pytest.raises(Contradiction):
        renumber.sample("hevc", [bytes([0x02, 0x01, 0b1_010_0000, 7])], renumber.Ids(15, 15, 30))
