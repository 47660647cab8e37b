"""``python -m publishing SITE WHEELS FOLDER NPM...``: pack what was built; for ``build.py release``."""

import argparse
import sys
from pathlib import Path

from publishing.release import release

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="publishing", description="Pack what was built.")
    parser.add_argument("site", type=Path)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("npm", nargs="+", help="how npm is called")
    options = parser.parse_args()
    try:
        release(options.site, options.wheels, options.folder, options.npm)
    except RuntimeError as failure:
        sys.exit(f"release: {failure}")
