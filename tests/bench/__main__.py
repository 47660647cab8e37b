"""``python -m tests.bench [name] [--json]``: run a bench by name, print medians and ratios."""

from __future__ import annotations

import argparse
import json
import sys

from tests.bench import boot, clip, core, cut, table

BENCHES = {"boot": boot.run, "clip": clip.run, "core": core.run, "cut": cut.run}


def main() -> int:
    """Run the chosen bench, or all; 0 when every case could be measured."""
    parser = argparse.ArgumentParser(prog="build.py bench")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="machine-readable results on stdout")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each case (default 5)")
    args = parser.parse_args()
    rows = [row for name, run in BENCHES.items() if args.name in (None, name) for row in run(args.runs)]
    if args.json:
        print(json.dumps([row.as_json() for row in rows], indent=2))
    else:
        print(table.markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
