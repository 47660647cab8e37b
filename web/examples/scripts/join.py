"""Leave the middle out of a file and put what came last in front."""

import sys

import clipwright as cw

media = await cw.open(sys.argv[1])
shorter = media.without(["1-3"])
joined = cw.join([media.cut(3), shorter])
saved = await joined.save("joined.mp4")
print(saved.output, len(saved.report.segments), "segments")
