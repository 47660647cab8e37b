"""Packets of sound in which nothing is heard, to fill gaps with: most players close up what is left open.

FFmpeg's command line and Chromium play sound that follows a gap in time stamps at once, too early for its pictures.
Sources: ISO/IEC 14496-3, 4.4.2.1 (AAC: channel elements without spectrum, and an end), RFC 6716
(Opus: a CELT frame that begins with the flag for silence), ISO/IEC 11172-3 and 13818-3 (MP3: side information of
zeros means no data).
"""

from __future__ import annotations

_AAC = {
    1: bytes.fromhex("01182007"),
    2: bytes.fromhex("211004608c1c"),
    3: bytes.fromhex("011820010880230460e0"),
    4: bytes.fromhex("01182001088023046003182007"),
    5: bytes.fromhex("011820010880230460231004608c1c"),
    6: bytes.fromhex("011820010880230460231004608c0c230000e0"),
}
"""By the number of channels; just what FFmpeg's encoder makes of silence."""
_AAC_LC = 2
_OPUS = bytes.fromhex("fcfffe")
_OPUS_SAMPLES = 960
_PCM_MIDDLES = {"pcm_u8": 0x80, "pcm_alaw": 0xD5, "pcm_mulaw": 0xFF}
_MP3_RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits per second by version (3: MPEG-1, otherwise MPEG-2 and 2.5) and index, layer III."""
_MP3_HERTZ = (44_100, 48_000, 32_000)


def packet(codec: str, config: bytes, like: bytes) -> tuple[bytes, int | None] | None:
    """A silent packet and how many samples it holds, None meaning as many as `like`, a packet of the same track.

    `codec` is FFmpeg's name, `config` what decoders are told beforehand. None for sound of which no such packet is
    known here.
    """
    if codec == "aac":
        held = _aac(config)
        return None if held is None else (held, None)
    if codec == "opus":
        return _OPUS, _OPUS_SAMPLES
    if codec == "mp3":
        frame = _mp3(like)
        return None if frame is None else (frame, None)
    if codec.startswith("pcm_"):
        return bytes([_PCM_MIDDLES.get(codec, 0)]) * len(like), None
    return None


def plain_bytes(codec: str) -> int:
    """How many bytes a sample of one channel takes; 0 where packets cannot be cut anywhere."""
    if not codec.startswith("pcm_"):
        return 0
    bits = "".join(filter(str.isdigit, codec))
    return int(bits) // 8 if bits else 1


def _aac(config: bytes) -> bytes | None:
    """The first bits of AudioSpecificConfig are 5 of the object type, 4 of the rate, 4 of the channels, 1 for 960."""
    if len(config) < 2:
        return None
    bits = int.from_bytes(config[:2])
    kind, rate, channels, short = bits >> 11, bits >> 7 & 15, bits >> 3 & 15, bits >> 2 & 1
    return _AAC.get(channels) if kind == _AAC_LC and rate < 15 and not short else None  # 15: explicit


def _mp3(like: bytes) -> bytes | None:
    """A frame with the header of `like`, without checksum and padding, and nothing in it."""
    if len(like) < 4 or like[0] != 0xFF or like[1] & 0xE6 != 0xE2:  # a header: sync and layer III
        return None
    version, rate, hertz = like[1] >> 3 & 3, like[2] >> 4, like[2] >> 2 & 3
    if hertz == 3 or rate in (0, 15) or version == 1:  # reserved, or no fixed rate
        return None
    per_second = _MP3_HERTZ[hertz] >> {3: 0, 2: 1, 0: 2}[version]
    bits = _MP3_RATES[3 if version == 3 else 2][rate] * 1000  # MPEG-1
    size = (144 if version == 3 else 72) * bits // per_second  # MPEG-1
    return bytes([0xFF, like[1] | 1, like[2] & 0xFD, like[3]]) + bytes(size - 4)
