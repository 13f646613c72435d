"""Slack under load: `python tests/benchmarks/slack.py [--at-once N] [--in-all N]`.

`footnote serve` is a process of its own over seeds/; the fake Slack, here, does not check calls."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "peers"))

from fake_slack import payloads  # noqa: E402 - its folder is known only now
from fake_slack.server import FakeSlack  # noqa: E402

from index.library import Library  # noqa: E402

QUESTIONS = (
    "How many Kenyan officers are ready to go?",
    "Who leads the mission?",
    "When did the Security Council approve the mission?",
    "What colour is the president's car?",
)
_ENDED = re.compile(r"Ended: \w+ in (\d+) ms")
_ROUND = 100  # questions that are sent before the next ones, of many


@asynccontextmanager
async def serving(slack: FakeSlack, home: Path, log: Path) -> AsyncIterator[int]:
    """The process id of `footnote serve`."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_HOME": str(home),
        "FOOTNOTE_LOG_LEVEL": "info",
        "FOOTNOTE_PER_USER": "1000000",
        "FOOTNOTE_PER_CHANNEL": "1000000",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
    }
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=home, stderr=stderr)
        try:
            await slack.connected(timeout=60)
            yield process.pid
        finally:
            process.terminate()
            await process.wait()


def asked(count: int) -> list[dict[str, Any]]:
    """Questions, half in channels and half in direct messages."""
    made = []
    for n in range(count):
        text, user = QUESTIONS[n % len(QUESTIONS)], f"U{n % 50:03}"
        if n % 2:
            made.append(payloads.message(text, f"D{n % 50:03}", user))
        else:
            made.append(payloads.mention(f"<@{payloads.BOT_USER}> {text}", f"C{n % 20:03}", user))
    return made


async def ended(slack: FakeSlack, payload: dict[str, Any]) -> int:
    """How many replies a question has."""
    event = payload["event"]
    return len(slack.messages(event["channel"], event["ts"]))


async def answered(slack: FakeSlack, sent: list[dict[str, Any]]) -> list[float]:
    """Sends questions all at once and waits for every reply. Seconds to each acknowledgement."""
    acks = await asyncio.gather(*(slack.send("events_api", payload, timeout=30) for payload in sent))
    async with asyncio.timeout(120):
        while not all([await ended(slack, payload) for payload in sent]):
            await asyncio.sleep(0.05)
    return [ack.seconds if ack else float("inf") for ack in acks]


def resident(pid: int) -> float:
    """Memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def at_once(slack: FakeSlack, count: int, log: Path) -> None:
    sent = asked(count)
    await answered(slack, asked(20))  # warm
    seen = len(_ENDED.findall(log.read_text()))
    began = time.perf_counter()
    acks = await answered(slack, sent)
    took = time.perf_counter() - began
    await asyncio.sleep(1)
    replies = [await ended(slack, payload) for payload in sent]
    own = [int(ms) for ms in _ENDED.findall(log.read_text())[seen:]]
    print(
        f"{count} questions at once: {replies.count(0)} lost, {sum(n > 1 for n in replies)} doubled; "
        f"acknowledged p99 {np.percentile(acks, 99):.2f} s; worked on p50 {np.percentile(own, 50):.0f} ms, "
        f"p95 {np.percentile(own, 95):.0f} ms; all answered after {took:.1f} s",
        flush=True,
    )


async def in_all(slack: FakeSlack, count: int, pid: int) -> None:
    """Memory after the first tenth and after all."""
    began, early = time.perf_counter(), 0.0
    for done in range(0, count, _ROUND):
        await answered(slack, asked(_ROUND))
        slack.calls.clear()
        if done + _ROUND == count // 10:
            early = resident(pid)
    rate = count / (time.perf_counter() - began)
    memory = f"memory {early:.0f} MB after a tenth, {resident(pid):.0f} MB after all"
    print(f"{count:,} questions: {rate:.0f} a second; {memory}")


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--at-once", type=int, default=200)
    arguments.add_argument("--in-all", type=int, default=10_000)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder), Path(folder) / "log"
        with Library.open(home) as library:
            list(library.sync([ROOT / "seeds"]))
        async with FakeSlack() as slack:
            slack.checking = False
            async with serving(slack, home, log) as pid:
                await at_once(slack, chosen.at_once, log)
                await in_all(slack, chosen.in_all, pid)


if __name__ == "__main__":
    asyncio.run(main())
