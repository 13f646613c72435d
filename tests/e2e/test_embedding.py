"""The command with a provider's server behind it: nothing is asked twice, however a run ends. The
server's journal is the proof. A reply that was on its way when a process was killed outright is
nobody's: so many texts at most are asked for again as calls run beside each other."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aimock import Aimock, aimock
from node import PeerError
from room import until

from index.catalog import CATALOG, Catalog
from index.embedders.providers import PROVIDERS

pytestmark = pytest.mark.e2e
DOCUMENTS = 480  # fifteen batches
MARKER = re.compile(r"buoy-\d+")
FAULTS = {"dropRate": 0.2, "malformedRate": 0.2, "rateLimitRate": 0.1, "disconnectRate": 0.2}


@pytest.fixture
def server() -> Iterator[Aimock]:
    try:
        with aimock() as server:
            yield server
    except PeerError as error:
        pytest.skip(str(error))


@pytest.fixture
def documents(footnote: Any) -> Path:
    folder = footnote.folder / "documents"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number}.txt").write_text(f"The light buoy-{number} was painted in {number + 700}.")
    return folder


def settings(server: Aimock) -> dict[str, str]:
    return {"FOOTNOTE_EMBEDDER": "openai-like:m", "FOOTNOTE_EMBEDDER_URL": f"{server.url}/v1"}


def answered(server: Aimock) -> Counter[str]:
    """How often each document got a vector."""
    return Counter(marker for text in server.answered() for marker in MARKER.findall(text))


def twice(server: Aimock) -> int:
    return sum(count - 1 for count in answered(server).values())


@pytest.mark.parametrize("rebuild", [False, True], ids=["first", "another embedder"])
def test_interrupted_it_asks_for_nothing_twice(
    footnote: Any, server: Aimock, documents: Path, rebuild: bool
) -> None:
    words = ["index", str(documents)]
    if rebuild:
        assert footnote(*words).returncode == 0
        words.append("--rebuild")
    server.fail(latencyMs=150)
    for requests in (3, 8):
        process = footnote.start(*words, **settings(server))
        until(lambda least=requests: len(server.journal()) >= least, 60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in said
    if rebuild:  # the old index answers until the new one is there
        assert "1000" in footnote("ask", "When was buoy-300 painted?").stdout
    assert 0 < len(answered(server)) < DOCUMENTS
    done = footnote(*words, **settings(server))
    assert done.returncode == 0, done.stderr
    assert len(answered(server)) == DOCUMENTS
    assert twice(server) == 0


def test_killed_it_asks_twice_for_no_more_than_was_on_its_way(
    footnote: Any, server: Aimock, documents: Path
) -> None:
    provider = PROVIDERS["openai-like"]
    server.fail(latencyMs=150)
    kills = 0
    for requests in (3, 8):
        process = footnote.start("index", str(documents), **settings(server))
        until(lambda least=requests: len(server.journal()) >= least, 60)
        process.kill()
        process.communicate()
        kills += 1
        stored = _stored(footnote.home)
        before = answered(server)
        assert len(before) - provider.at_once * provider.batch_size * kills <= stored <= len(before)
    assert footnote("index", str(documents), **settings(server)).returncode == 0
    assert len(answered(server)) == DOCUMENTS
    lost = twice(server)
    print(f"{DOCUMENTS} documents, {kills} kills: {lost} texts asked for twice")
    assert lost <= kills * provider.at_once * provider.batch_size


def test_a_server_that_fails_in_every_way_gets_each_text_once(
    footnote: Any, server: Aimock, documents: Path
) -> None:
    server.fail(**FAULTS)
    for _ in range(20):
        if footnote("index", str(documents), **settings(server)).returncode == 0:
            break
    assert len(answered(server)) == DOCUMENTS
    assert twice(server) == 0


def _stored(home: Path) -> int:
    """How many texts have a vector, in a chunk or in the cache."""
    catalog = Catalog(home / CATALOG)
    try:
        [(count,)] = catalog._rows(
            "SELECT count(*) FROM (SELECT digest FROM chunks UNION SELECT digest FROM embedded)"
        )
        return int(count)
    finally:
        catalog.close()
