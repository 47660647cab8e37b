"""Cut a file into four parts of the same length, and tell how far it is."""

import sys

import clipwright as cw

file = sys.argv[1] if sys.argv[1:] else sys.exit("Pick a file first.")
media = await cw.open(file)
parts = await media.segments("count", 4)
batch = media.cuts(parts, name="part {n:02}", mode="lossless")
for saved in await batch.save(progress=lambda told: print(f"{told.done:.0%}")):
    print(saved.output)
