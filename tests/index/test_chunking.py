"""Chunks are exact, small enough, and leave nothing out."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
import tiktoken
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.chunking import MAX_TOKENS, OVERLAP_TOKENS, chunk
from index.sentences import sentence_spans
from index.types import Chunk, Document, Mark, MarkKind

TOLERANCE = 1.05  # text cut out of its place is tokenised a little differently

WORDS = (
    "leave,the ,of staff ,. ,\n,\n\n,- ,。,漢字の文,😀,👩\u200d👩\u200d👧,e\u0301, ,"
    "ສະບາຍດີ,𓀀𓀁,<|endoftext|>,A: b; ,\t,3.5,ß,ﷺ"
)
repeated = st.builds(
    lambda parts, n: "".join(parts) * n,
    st.lists(st.sampled_from([*WORDS.split(","), "x" * 40, "\u2003", "?"]), min_size=1, max_size=30),
    st.integers(1, 120),
)
texts = repeated | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))


def chunks_of(text: str, *marks: Mark) -> list[Chunk]:
    return chunk(Document("/d.txt", "D", text, marks))


def prose(sentences: int, seed: int = 1) -> str:
    rng = random.Random(seed)
    vocabulary = [
        "harbour",
        "boat",
        "crew",
        "tide",
        "the",
        "of",
        "under",
        "rope",
        "lantern",
        "was",
        "mended",
    ]
    return " ".join(
        " ".join(rng.choices(vocabulary, k=rng.randint(5, 25))).capitalize() + "." for _ in range(sentences)
    )


@given(texts)
@settings(deadline=None, max_examples=150)
@example("")
@example(" \n\n ")
@example("x" * 70_000)
@example("😀" * 40_000)
def test_chunks_are_exact_and_leave_no_character_out(text: str) -> None:
    covered = 0
    for piece in chunks_of(text):
        assert piece.text == text[piece.start : piece.end]
        assert piece.text == piece.text.strip()
        assert piece.text
        assert not text[covered : piece.start].strip()
        covered = max(covered, piece.end)
    assert not text[covered:].strip()


@given(texts)
@settings(deadline=None, max_examples=150)
@example("𓀀" * 100 + " " + "𓀀" * 300)
@example("😀" * 40_000)
def test_no_chunk_is_longer_than_the_limit(text: str) -> None:
    encoding = tiktoken.get_encoding("o200k_base")
    for piece in chunks_of(text):
        assert piece.tokens <= MAX_TOKENS
        assert len(encoding.encode_ordinary(piece.text)) <= MAX_TOKENS * TOLERANCE + 8


@given(texts)
@settings(deadline=None, max_examples=150)
@example(f"𓀀𓀁the 𓀀𓀁. {'leave' * 5}the . " * 36)  # only a space goes beyond what fits
def test_chunks_go_forward_and_overlap_no_more_than_asked(text: str) -> None:
    encoding = tiktoken.get_encoding("o200k_base")
    for one, next_one in pairwise(chunks_of(text)):
        assert one.start < next_one.start
        assert one.end < next_one.end
        shared = text[next_one.start : one.end]
        assert len(encoding.encode_ordinary(shared)) <= OVERLAP_TOKENS * TOLERANCE + 8


def test_prose_is_cut_between_sentences_and_overlaps() -> None:
    text = prose(400)
    starts, ends = (set(places) for places in zip(*sentence_spans(text), strict=True))
    chunks = chunks_of(text)
    assert len(chunks) > 10
    assert all(piece.start in starts and piece.end in ends for piece in chunks)
    assert all(later.start < earlier.end for earlier, later in pairwise(chunks))
    assert all(piece.tokens > 0.7 * MAX_TOKENS for piece in chunks[:-1])


def test_a_long_sentence_is_cut_after_a_space() -> None:
    text = " ".join(["harbour"] * 3000)
    for piece in chunks_of(text):
        assert set(piece.text.split()) == {"harbour"}


def test_a_chunk_rather_ends_with_its_section() -> None:
    first, second = prose(22), prose(60, seed=2)
    text = f"One\n\n{first}\n\nTwo\n\n{second}"
    two = text.index("Two\n")
    marks = (Mark(MarkKind.HEADING, "One", 0, two - 2), Mark(MarkKind.HEADING, "Two", two, len(text)))
    chunks = chunks_of(text, *marks)
    assert chunks[0].end == two - 2
    assert chunks[1].start == two
    assert [piece.heading for piece in chunks] == ["One"] + ["Two"] * (len(chunks) - 1)


def test_a_chunk_knows_the_headings_over_its_start() -> None:
    text = "Staff\n\nLeave\n\nTake it."
    marks = (
        Mark(MarkKind.PAGE, "1", 0, len(text)),
        Mark(MarkKind.HEADING, "Leave", 7, len(text)),
        Mark(MarkKind.HEADING, "Staff", 0, len(text)),
    )
    assert chunks_of(text[7:], Mark(MarkKind.HEADING, "Leave", 0, 15))[0].heading == "Leave"
    assert chunks_of(text, *marks)[0].heading == "Staff"
    assert chunks_of("\n" * 7 + text[7:], *marks)[0].heading == "Staff › Leave"


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\t \u2003"])
def test_nothing_has_no_chunks(text: str) -> None:
    assert chunks_of(text) == []


def test_chunking_twice_gives_the_same() -> None:
    text = prose(3000)
    assert chunks_of(text) == chunks_of(text)
