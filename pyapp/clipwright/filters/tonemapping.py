"""HDR pictures on screens that are not: BT.2020 with PQ or HLG to BT.709."""

from __future__ import annotations

from typing import Literal, get_args

from clipwright.filters.graph import FilterChain, chain, use
from clipwright.filters.ranges import Number, one_of, within

Transfer = Literal["pq", "hlg"]
Operator = Literal["hable", "mobius", "reinhard", "clip", "linear", "gamma"]
_TRANSFERS = {"pq": "smpte2084", "hlg": "arib-std-b67"}


def hdr_to_sdr(
    transfer: Transfer = "pq",
    *,
    operator: Operator = "hable",
    nominal_nits: Number = 100,
    path: str = "$",
) -> FilterChain:
    """SDR of an HDR picture; the nominal peak of SDR is 50 to 1000 cd/m².

    The tags are set first: zscale fails on pictures that do not say what they are, and in the page takes
    FFmpeg down with it. What is not in the smaller gamut is cut off before the last step: of zimg before 3.0.6,
    processors with AVX-512 turn what is below black into what is not.
    """
    known = _TRANSFERS[one_of(transfer, get_args(Transfer), f"{path}.transfer")]
    return chain(
        use("setparams", range="tv", color_primaries="bt2020", color_trc=known, colorspace="bt2020nc"),
        use("zscale", t="linear", npl=within(nominal_nits, 50, 1000, f"{path}.nominal_nits", unit="cd/m²")),
        use("format", pix_fmts="gbrpf32le"),
        use("zscale", p="bt709"),
        use(
            "tonemap",
            tonemap=one_of(operator, get_args(Operator), f"{path}.operator"),
            # Versions of FFmpeg do not agree on what desaturating bright colours means.
            desat=0,
        ),
        # Without a table it changes nothing but what is not within 0 and 1. No other filter of floats does that.
        use("lut3d"),
        use("zscale", t="bt709", m="bt709", r="tv"),
        use("format", pix_fmts="yuv420p"),
    )
