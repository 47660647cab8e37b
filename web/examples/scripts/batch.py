"""Cut a file into parts of a second each, and tell how far it is."""

import sys

import clipwright as cw

media = await cw.open(sys.argv[1])
parts = await media.segments("length", "0:01")
batch = media.cuts(parts, name="part {n:02}", mode="lossless")
for saved in await batch.save(progress=lambda told: print(f"{told.done:.0%}")):
    print(saved.output)
