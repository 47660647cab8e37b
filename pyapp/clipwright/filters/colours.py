"""Colours as FFmpeg reads them: the names of CSS, or ``#RRGGBB``; opacity is a number beside them."""

from __future__ import annotations

import re

from clipwright.filters.ranges import Number, decimal, one_of, within

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_CSS = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod
    darkgray darkgreen darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkturquoise darkviolet deeppink deepskyblue dimgray dodgerblue firebrick
    floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow honeydew hotpink
    indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid
    mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue
    mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod
    palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple red rosybrown
    royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray snow
    springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
"""
NAMES = frozenset(_CSS.split())
"""What ``ffmpeg -colors`` prints."""


def colour(text: str, path: str, alpha: Number | None = None) -> str:
    """The colour, with its opacity `alpha` from 0 to 1 if given; BadRequest for what FFmpeg would not read."""
    known = text if _HEX.fullmatch(str(text)) else one_of(str(text).lower(), NAMES, path)
    if alpha is None:
        return known
    return f"{known}@{decimal(within(alpha, 0, 1, f'{path}_alpha'))}"
