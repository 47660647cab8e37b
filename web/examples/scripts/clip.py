"""Cut one clip out of every file, exact to the frame, and tell how it was made."""

import sys

import clipwright as cw

for file in sys.argv[1:] or sys.exit("Pick a file first."):
    media = await cw.open(file)
    print(media)
    clip = media.cut("0:01.2", "0:02.52")
    plan = await clip.plan()
    for note in plan.notes:
        print("-", note.text)
    saved = await clip.save()
    print(saved.output, saved.report.mode, f"{saved.report.size} bytes")
