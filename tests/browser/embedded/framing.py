"""Pages of other people that hold Clipwright in a frame, and the host that it comes from."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator

from tests.browser.embedded.embedding import TOLD, Visit, visit
from tests.equipment import site
from tests.pages import EMPTY, served

PATIENCE_MS = 60_000


@dataclass
class Framed:
    """A page, and the host whose frame it holds."""

    page: Visit
    host: str

    @property
    def frame(self) -> FrameLocator:
        return self.page.page.frame_locator("iframe")

    def embed(self, **options: Any) -> None:
        """Put the frame into the page with the client that lies on the page's own site; `allow` goes to the frame."""
        self.page.page.evaluate(
            f"""async ([url, options]) => {{
                const {{ EmbeddedClipper }} = await import('/embed-client.js');
                const {{ allow = '', ...settings }} = options;
                const clipper = new EmbeddedClipper({{ url, ...settings }});
                clipper.frame.allow = allow;
                ({TOLD})(clipper);
                document.body.append(clipper.frame);
            }}""",
            [f"{self.host}/embed.html", options],
        )

    def knock(self, script: str, patience_ms: int = 1500) -> str:
        """Make a frame by hand, run a script with it, say what the port heard in that time."""
        return str(
            self.page.page.evaluate(
                f"""async ([url, patience]) => {{
                    const frame = document.createElement('iframe');
                    document.body.append(frame);
                    await new Promise((done) => {{ frame.onload = done; frame.src = url; }});
                    const {{ port1, port2 }} = new MessageChannel();
                    const heard = new Promise((done) => {{
                        port1.onmessage = ({{ data }}) => done(data.event === 'refused' ? data.value.message
                            : data.event);
                        setTimeout(() => done('nothing'), patience);
                    }});
                    await ({script})(frame, port2);
                    return heard;
                }}""",
                [f"{self.host}/embed.html", patience_ms],
            )
        )


CONNECT = "(frame, port) => frame.contentWindow.postMessage({ clipwright: 'connect' }, '*', [port])"


@contextlib.contextmanager
def framed(
    chromium: Browser, kept: Path, parents: Any, *, policy: str = "", isolated: bool = False
) -> Iterator[Framed]:
    """A page, and the frame's host on another site; `parents` is what embed.json says, PAGE the page's origin.

    An isolated page takes frames only from hosts that agree, by two headers.
    """
    replaced: dict[str, str] = {}
    agreed = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    with served(site(), kept, replaced=replaced, headers={"": agreed} if isolated else {}) as host:
        headers = {EMPTY: {"Content-Security-Policy": policy.format(host=host)}} if policy else {}
        with served(site(), kept, headers=headers, isolated=isolated) as beside:
            # Other sites than the host: an IP address and a name share nothing.
            origin = beside.replace("127.0.0.1", "localhost")
            text = parents if isinstance(parents, str) else json.dumps(parents)
            replaced["/embed.json"] = text.replace("PAGE", origin)
            with visit(chromium, origin, host) as page:
                yield Framed(page, host)


ALLOWED = {"parents": ["PAGE"]}
