"""Runs in PyScript's worker: installs Clipwright from the site's own wheels, then serves the page of scripts."""

import asyncio
import json
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

import pyodide_js
from pyodide.http import pyfetch
from pyscript import config
from pyscript.js_modules import clipwright_scripting as bridge


async def fetched(folder: str) -> dict[str, object]:
    """The wheels in a folder, each with its name, and each the one that the index says."""
    index = json.loads(await (await pyfetch(f"{folder}index.json")).string())
    answers = [pyfetch(folder + wheel["file"], integrity=wheel["integrity"]) for wheel in index]
    return {
        wheel["file"]: answer for wheel, answer in zip(index, await asyncio.gather(*answers), strict=True)
    }


async def install() -> None:
    """Install what was fetched. What it needs is pinned and among it: nothing is looked up, nothing leaves the site."""
    wheels = f"{config['clipwright_base']}wheels/"
    ours, tools = await asyncio.gather(fetched(wheels), fetched(f"{wheels}tools/"))
    for tool in tools.values():
        pyodide_js.unpackArchive(await tool.buffer(), "wheel")
    import micropip  # noqa: PLC0415  # it has only just come

    with TemporaryDirectory() as folder:
        for name, wheel in ours.items():
            Path(folder, name).write_bytes(await wheel.bytes())
        await micropip.install([f"emfs:{folder}/{name}" for name in ours], deps=False)


async def load(package: str) -> None:
    """A package that lies beside this Pyodide; its hash is the one in Pyodide's lock."""
    await pyodide_js.loadPackage(package, messageCallback=silent, errorCallback=silent)


def silent(_: str) -> None:
    """Whether a package has come shows when it is imported."""


async def start() -> None:
    """Install and serve; whatever goes wrong is told to the page."""
    bridge.connect(config["clipwright_channel"])
    try:
        await install()
        from clipwright import pagedesk  # noqa: PLC0415  # it has only just come

        await pagedesk.serve(bridge, load)
    except BaseException:  # noqa: BLE001  # there is nobody else to hear of it
        bridge.failed(traceback.format_exc())


tasks = {asyncio.ensure_future(start())}
