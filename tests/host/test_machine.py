"""Finding the browsers that tests need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.equipment import load


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a program; gives the one folder where it looks for some."""
    monkeypatch.setenv("PATH", str(tmp_path))
    # Not with the folders of what setup found: the system's own programs may be there, apt-get among them.
    monkeypatch.setattr(load("build.py"), "environment", lambda: dict(os.environ))
    monkeypatch.setattr(load("tests/machine.py"), "MAC_FIREFOX", str(tmp_path / "Firefox.app"))
    return tmp_path


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_firefox_that_starts_is_taken(bare: Path) -> None:
    program(bare, "firefox-esr", "exit 1")
    found = program(bare, "firefox", "echo Mozilla Firefox 153.0")
    assert load("tests/machine.py").find_firefox(load("build.py").run) == str(found)


def test_who_has_no_firefox_is_told_to_install_one(bare: Path) -> None:
    with pytest.raises(RuntimeError, match="Install Firefox and run this again"):
        load("tests/machine.py").find_firefox(load("build.py").run)


def test_what_cannot_be_installed_is_told(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(bare, "apt-get", "exit 100")
    monkeypatch.setattr("os.geteuid", lambda: 0)

    def run(*argv: str, **environment: str) -> str:
        raise RuntimeError(f"{argv[0]}: no such package")

    with pytest.raises(RuntimeError, match="Install Firefox"):
        load("tests/machine.py").find_firefox(run)
    assert "no such package" in capsys.readouterr().err


def test_webkits_driver_is_installed_with_its_codecs_and_a_screen(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare, "apt-get", "exit 100")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine = load("tests/machine.py")
    asked: list[str] = []

    def run(*argv: str, **environment: str) -> str:
        asked.extend(argv)
        program(bare, "WebKitWebDriver", "")
        return ""

    found = machine.webkit_finders(run)["webkit"]()
    assert found == str(bare / "WebKitWebDriver")
    assert {"webkit2gtk-driver", "gstreamer1.0-libav", "gstreamer1.0-plugins-bad", "xvfb"} <= set(asked)


def test_who_has_no_webkit_is_told_to_install_one(bare: Path) -> None:
    with pytest.raises(RuntimeError, match="Install WebKitGTK's driver and Xvfb"):
        load("tests/machine.py").webkit_finders(load("build.py").run)["xvfb"]()


def test_who_has_no_nginx_is_told_to_install_one(bare: Path) -> None:
    with pytest.raises(RuntimeError, match="Install nginx and run this again"):
        load("tests/machine.py").find_nginx(bare / "nginx", load("build.py").run)


def test_nginx_is_unpacked_from_debians_package(bare: Path) -> None:
    (bare / "sh").symlink_to("/bin/sh")
    program(bare, "apt-get", '[ "$1" != download ] || : > nginx_1.22.1_amd64.deb')
    program(bare, "dpkg", "/bin/mkdir -p usr/sbin; : > usr/sbin/nginx")
    found = load("tests/machine.py").find_nginx(bare / "nginx", load("build.py").run)
    assert found == str(bare / "nginx" / "usr" / "sbin" / "nginx")


def test_the_machines_own_nginx_is_taken(bare: Path) -> None:
    found = program(bare, "nginx", "exit 0")
    assert load("tests/machine.py").find_nginx(bare / "else", load("build.py").run) == str(found)


DEBIANS = """[ "$1" != install ] || for word; do case $word in
Dir::Cache::archives=*) : > "${word#*=}/ffmpeg.deb" ;; esac; done"""
UNPACKED = """/bin/mkdir -p "$3/usr/bin" "$3/usr/lib/some/blas" && : > "$3/usr/lib/some/blas/libblas.so.3"
printf '#!/bin/sh\\necho ffmpeg version %s; echo $LD_LIBRARY_PATH' VERSION > "$3/usr/bin/ffmpeg"
/bin/chmod +x $3/usr/bin/ffmpeg"""


def debian(folder: Path, version: str) -> None:
    """A machine whose packages bring this FFmpeg."""
    (folder / "dirname").symlink_to("/usr/bin/dirname")
    program(folder, "apt-get", DEBIANS)
    program(folder, "dpkg", UNPACKED.replace("VERSION", version))


def test_an_ffmpeg_of_the_pages_line_is_unpacked_with_its_libraries(bare: Path) -> None:
    debian(bare, "5.1.9-0+deb12u1")
    program(bare, "ffmpeg", "echo ffmpeg version 7.1")
    run = load("build.py").run
    found = load("tests/machine.py").find_ffmpeg5(bare / "apart", run)
    assert found == str(bare / "apart" / "ffmpeg")
    assert run(found).split() == [
        "ffmpeg",
        "version",
        "5.1.9-0+deb12u1",
        str(bare / "apart/usr/lib/some/blas"),
    ]


def test_another_line_of_ffmpeg_is_none(bare: Path) -> None:
    debian(bare, "5.10")
    with pytest.raises(RuntimeError, match=r"No FFmpeg 5\.1 was found"):
        load("tests/machine.py").find_ffmpeg5(bare / "apart", load("build.py").run)


def test_the_machines_own_ffmpeg_is_taken_where_it_is_of_the_pages_line(bare: Path) -> None:
    found = program(bare, "ffmpeg", "echo ffmpeg version n5.1.4 Copyright")
    assert load("tests/machine.py").find_ffmpeg5(bare / "apart", load("build.py").run) == str(found)
