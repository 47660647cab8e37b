"""Leave two seconds out of a file and put what came last in front."""

import sys

import clipwright as cw

file = sys.argv[1] if sys.argv[1:] else sys.exit("Pick a file first.")
media = await cw.open(file)
shorter = media.without(["1-3"])
joined = cw.join([media.cut(3), shorter])
saved = await joined.save("joined.mp4")
print(saved.output, len(saved.report.segments), "segments")
