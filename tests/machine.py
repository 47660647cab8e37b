"""What tests and benches need of the machine beside Python and Node: two ffmpegs, browsers and an nginx.

``build.py`` loads this with whatever Python runs it, so it stays in the standard library. `run` is build.py's
own: it runs a program, returns what it printed and raises a RuntimeError with all its output if it fails.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., str]
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge",
)
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FIREFOXES = ("firefox-esr", "firefox")
MAC_FIREFOX = "/Applications/Firefox.app/Contents/MacOS/firefox"
SAME_LINE = re.compile(r"ffmpeg version n?5\.1\b")
"""What an ffmpeg of the release line that runs in the page says of itself."""
WEBKIT_PACKAGES = ("webkit2gtk-driver", "gstreamer1.0-libav", "gstreamer1.0-plugins-bad", "xvfb")
"""The codecs are what WebKitGTK recommends, but not what comes with them, which needs a desktop."""
WRAPPER = """#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH={libraries} exec "$here/usr/bin/ffmpeg" "$@"
"""


def finders(python: Path, state: Path, run: Run) -> dict[str, Callable[[], str | Path]]:
    """How each is found; what has to be fetched and unpacked goes into a folder of its own under `state`."""
    return {
        "ffmpeg": lambda: find_ffmpeg(python, run),
        "chromium": lambda: find_chromium(python, run),
        "firefox": lambda: find_firefox(run),
        "nginx": lambda: find_nginx(state / "nginx", run),
        "ffmpeg5": lambda: find_ffmpeg5(state / "ffmpeg5", run),
    }


def webkit_finders(run: Run) -> dict[str, Callable[[], str]]:
    """What only the tests in WebKitGTK need."""
    return {"webkit": lambda: find_webkit("WebKitWebDriver", run), "xvfb": lambda: find_webkit("Xvfb", run)}


def find_ffmpeg(python: Path, run: Run) -> str:
    """The machine's ffmpeg, else the one that imageio-ffmpeg carries."""
    finder = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
    return shutil.which("ffmpeg") or run(python, "-c", finder).strip()


def find_ffmpeg5(folder: Path, run: Run) -> str:
    """An FFmpeg 5.1, as in the page: the machine's own, else Debian's in a folder, where no other test finds it."""
    if (found := shutil.which("ffmpeg")) and is_same_line(run, found):
        return found
    wrapper = folder / "ffmpeg"
    if not wrapper.is_file() and shutil.which("apt-get") and shutil.which("dpkg"):
        print("ffmpeg5: none on this machine, unpacking Debian's packages", file=sys.stderr)
        archives = folder / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        # Only what this machine lacks, or has of another version than these packages want.
        into = ("-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1")
        try:
            refresh(run)
            run(
                "apt-get",
                "install",
                "-y",
                "-q",
                "--download-only",
                "--no-install-recommends",
                *into,
                "ffmpeg",
            )
            for package in archives.glob("*.deb"):
                run("dpkg", "-x", package, folder)
            shutil.rmtree(archives)
            wrapper.write_text(WRAPPER.format(libraries=libraries(folder)))
            wrapper.chmod(0o755)
        except (RuntimeError, OSError) as error:
            print(error, file=sys.stderr)
    if wrapper.is_file() and is_same_line(run, str(wrapper)):
        return str(wrapper)
    raise RuntimeError("No FFmpeg 5.1 was found and none could be unpacked. Install it and run this again.")


def is_same_line(run: Run, ffmpeg: str) -> bool:
    """Whether this is a release of FFmpeg 5.1."""
    try:
        return bool(SAME_LINE.match(run(ffmpeg, "-version", timeout=30)))
    except RuntimeError:
        return False


def libraries(folder: Path) -> str:
    """Where unpacked libraries lie (some of Debian's in folders of their own), for the wrapper's shell."""
    places = sorted({path.parent.relative_to(folder) for path in folder.glob("usr/lib/**/*.so*")})
    return ":".join(f'"$here/{place}"' for place in places)


def find_chromium(python: Path, run: Run) -> str:
    """A Chromium that starts: Playwright's, the system's, one that Playwright can get, or Debian's."""
    asked = (
        "import playwright.sync_api as p\nwith p.sync_playwright() as s: print(s.chromium.executable_path)"
    )
    bundled = run(python, "-c", asked).strip()
    for candidate in (bundled, *CHROMIUMS, MAC_CHROME):
        if starts(run, found := shutil.which(candidate)):
            return str(found)
    print("chromium: none on this machine, asking Playwright for one", file=sys.stderr)
    with contextlib.suppress(RuntimeError):
        run(python, "-m", "playwright", "install", "chromium", timeout=300)
    if starts(run, bundled):
        return bundled
    if found := install("chromium", run, "--no-install-recommends"):
        return found
    raise RuntimeError(
        "No Chromium was found and none could be installed. Install Chromium or Chrome and run this again."
    )


def find_firefox(run: Run) -> str:
    """A Firefox that starts: the system's, or Debian's."""
    for candidate in (*FIREFOXES, MAC_FIREFOX):
        if starts(run, found := shutil.which(candidate)):
            return str(found)
    # What it recommends is FFmpeg's libavcodec, without which it cannot play H.264.
    if found := install("firefox-esr", run, "--install-recommends"):
        return found
    raise RuntimeError(
        "No Firefox was found and none could be installed. Install Firefox and run this again."
    )


def find_webkit(program: str, run: Run) -> str:
    """A program of those that tests in WebKitGTK need, of the system's or of Debian's packages."""
    if found := shutil.which(program) or (
        apt(run, "--no-install-recommends", *WEBKIT_PACKAGES) and shutil.which(program)
    ):
        return found
    raise RuntimeError(
        f"No {program} was found and none could be installed. Install WebKitGTK's driver and Xvfb and run this again."
    )


def find_nginx(folder: Path, run: Run) -> str:
    """The system's nginx, else Debian's in a folder: its package is not installed, which would start a server."""
    if found := shutil.which("nginx"):
        return found
    unpacked = folder / "usr" / "sbin" / "nginx"
    if not unpacked.is_file() and shutil.which("apt-get") and shutil.which("dpkg"):
        print("nginx: none on this machine, unpacking Debian's package", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        refresh(run)
        try:
            run("sh", "-c", 'cd "$1" && apt-get download -q nginx && dpkg -x nginx_*.deb .', "sh", folder)
        except RuntimeError as error:
            print(error, file=sys.stderr)
    if unpacked.is_file():
        return str(unpacked)
    raise RuntimeError("No nginx was found and none could be unpacked. Install nginx and run this again.")


@functools.cache
def refresh(run: Run) -> None:
    """Learn once what Debian has now; only root may, and what is known may be fresh enough."""
    with contextlib.suppress(RuntimeError):
        run("apt-get", "update", "-q", DEBIAN_FRONTEND="noninteractive")


def install(package: str, run: Run, recommended: str) -> str | None:
    """The program that Debian's package brings, where this process may install packages and it starts."""
    return found if apt(run, recommended, package) and starts(run, found := shutil.which(package)) else None


def apt(run: Run, recommended: str, *packages: str) -> bool:
    """Install packages of Debian's where this process may; whether they are there now."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    print(f"{packages[0]}: none on this machine, installing Debian's package", file=sys.stderr)
    refresh(run)
    try:
        run("apt-get", "install", "-y", "-q", recommended, *packages, DEBIAN_FRONTEND="noninteractive")
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return False
    return True


def starts(run: Run, program: str | None) -> bool:
    """Whether a browser is there and is one: some systems ship a script that only offers to install it."""
    if not program or not Path(program).is_file():
        return False
    try:
        run(program, "--version", timeout=30)
    except RuntimeError:
        return False
    return True
