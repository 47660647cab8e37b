"""Runs in PyScript's worker: installs Clipwright from the site's own wheels, then serves the page of scripts."""

import asyncio
import json
import traceback

import pyodide_js
from pyodide.http import pyfetch
from pyscript import config
from pyscript.js_modules import clipwright_scripting as bridge


async def listed(folder: str) -> list[str]:
    """The addresses of the wheels in a folder."""
    index = await (await pyfetch(f"{folder}index.json")).string()
    return [folder + wheel["file"] for wheel in json.loads(index)]


async def start() -> None:
    """Install and serve; whatever goes wrong is told to the page."""
    bridge.connect(config["clipwright_channel"])
    wheels = f"{config['clipwright_base']}wheels/"
    try:
        for tool in await listed(f"{wheels}tools/"):
            await pyodide_js.loadPackage(tool)
        import micropip  # noqa: PLC0415  # it has only just come

        # What they need is pinned and among them: nothing is looked up, so nothing leaves the site.
        await micropip.install(await listed(wheels), deps=False)
        from clipwright import pagedesk  # noqa: PLC0415  # it has only just come

        await pagedesk.serve(bridge)
    except Exception:  # noqa: BLE001  # there is nobody else to hear of it
        bridge.failed(traceback.format_exc())


tasks = {asyncio.ensure_future(start())}
