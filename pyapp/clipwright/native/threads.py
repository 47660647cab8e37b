"""Blocking work beside the event loop, which a cancelled caller does not have to wait for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own and return what it returns or raise what it raises.

    Unlike ``asyncio.to_thread`` the thread is a daemon: when the caller is cancelled while a slow disk
    is being read, the program can end at once.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def deliver(settle: Callable[[], None]) -> None:
        def unless_cancelled() -> None:
            if not future.done():
                settle()

        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(unless_cancelled)

    def body() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001  # it is raised where the result is awaited
            failure = error
            deliver(lambda: future.set_exception(failure))
        else:
            deliver(lambda: future.set_result(value))

    threading.Thread(target=body, name="clipwright-look", daemon=True).start()
    return await future


async def stoppable(work: Callable[[threading.Event], T], patience_s: float) -> T:
    """Run `work` in a thread and return what it returns or raise what it raises.

    When the caller is cancelled the event is set and the thread is waited for, `patience_s` seconds at most.
    """
    stop = threading.Event()
    running = asyncio.ensure_future(in_thread(lambda: work(stop)))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({running}, timeout=patience_s)
        running.add_done_callback(lambda ended: None if ended.cancelled() else ended.exception())
        raise
