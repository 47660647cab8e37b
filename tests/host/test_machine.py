"""Finding the browsers that tests need."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.equipment import load


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a program; gives the one folder where it looks for some."""
    monkeypatch.setenv("PATH", str(tmp_path))
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
