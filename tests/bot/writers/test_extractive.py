"""What the extractive writer chooses out of small passages, and when it keeps silent."""

from time import perf_counter

import pytest

from bot.writers.cues import cue_of, has_answer
from bot.writers.extractive import ExtractiveWriter
from index.embedders import BundledEmbedder
from index.types import Mark, MarkKind, Passage, Source

OBSERVATORY = (
    "The Falkberg observatory stands above the village of Tarn. Its dome was finished in 1931. "
    "Astronomer Ida Lindqvist has directed it since the spring. "
    "It employs eleven technicians and two cooks. "
    "Visitors come on Fridays because the telescope rests then. "
    "The main mirror measures 2.4 metres across. "
    "Repairs to the dome cost 3.2 million kronor."
)
BAKERY = (
    "The bakery on Quay Street opens at six. Its rye loaf is made with caraway. "
    "Henrik Moe took the shop over from his aunt."
)
BOTH = (OBSERVATORY, BAKERY)


def passages(*texts: str, marks: tuple[Mark, ...] = ()) -> list[Passage]:
    sources = [Source(f"key{n}", f"/docs/{n}.txt", "", "default", "0" * 16) for n in range(len(texts))]
    return [
        Passage(source, text, 0, len(text), marks, 1 / (1 + n), 3.0, 0.4)
        for n, (source, text) in enumerate(zip(sources, texts, strict=True))
    ]


@pytest.fixture(scope="module")
def writer() -> ExtractiveWriter:
    return ExtractiveWriter(BundledEmbedder())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many technicians are employed?", "eleven"),
        ("When was the dome of the observatory finished?", "1931"),
        ("Which astronomer has directed the observatory since spring?", "Ida Lindqvist"),
        ("Where is the Falkberg observatory?", "Tarn"),
        ("Why do visitors come on Fridays?", "rests"),
        ("How large is the telescope's main mirror?", "2.4"),
        ("How much did the repairs to the dome cost?", "3.2 million"),
        ("WHAT IS IN THE RYE LOAF", "caraway"),
    ],
)
def test_the_sentence_with_the_answer_comes_whole(writer, question, words):
    draft = writer.write(question, passages(*BOTH))
    assert any(words in claim.text for claim in draft.claims)
    for claim in draft.claims:
        (quote,) = claim.quotes
        assert claim.text == quote.text
        assert quote.text in BOTH[quote.passage]
        assert quote.text.endswith(".")
    assert len(draft.claims) <= 3


def test_one_sentence_is_enough_when_it_clearly_answers(writer):
    draft = writer.write("When was the dome of the observatory finished?", passages(*BOTH))
    assert [claim.text for claim in draft.claims] == ["Its dome was finished in 1931."]


def test_sentences_of_a_source_come_in_the_order_they_were_written(writer):
    text = (
        "Rain fell. The strike of the ferry crews began in June. Tea was served. "
        "The strike of the ferry crews ended in July."
    )
    draft = writer.write("What is known of the strike of the ferry crews?", passages(text))
    starts = [text.index(claim.text) for claim in draft.claims]
    assert len(starts) > 1
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "question",
    [
        "Which airline flies to Reykjavik?",
        "What is the boiling point of mercury?",
        "Who won the chess championship?",
        "How do I renew my passport?",
    ],
)
def test_it_abstains_and_names_the_nearest_sentences(writer, question):
    draft = writer.write(question, passages(*BOTH))
    assert draft.claims == ()
    assert draft.confidence < 0.2
    assert 1 <= len(draft.nearest) <= 3
    assert all(quote.text in BOTH[quote.passage] for quote in draft.nearest)


def test_confidence_tells_questions_apart_in_a_library_of_one_short_document(writer):
    asked = writer.write("Who took over the bakery shop?", passages(BAKERY)).confidence
    unasked = writer.write("Who took over the observatory?", passages(BAKERY)).confidence
    assert asked > 0.5 > unasked


def test_confidence_does_not_depend_on_the_scores_of_the_index(writer):
    small, large = passages(BAKERY), passages(BAKERY)
    large = [Passage(p.source, p.text, p.start, p.end, p.marks, 40.0, 90.0, p.cosine) for p in large]
    question = "Who took over the bakery shop?"
    assert writer.write(question, small) == writer.write(question, large)


def test_a_heading_that_repeats_the_question_is_no_answer(writer):
    text = "Annual leave\n\nStaff may take 26 days off in a year."
    marks = (Mark(MarkKind.HEADING, "Annual leave", 0, len(text)),)
    draft = writer.write("What is the annual leave?", passages(text, marks=marks))
    assert [claim.text for claim in draft.claims] == ["Staff may take 26 days off in a year."]


def sections(*parts: str) -> tuple[str, tuple[Mark, ...]]:
    """A text in which every other part is a heading, and its marks."""
    text, marks = "\n\n".join(parts), []
    starts = [len("\n\n".join(parts[:n])) + 2 * (n > 0) for n in range(len(parts))]
    for n in range(0, len(parts), 2):
        end = starts[n + 2] if n + 2 < len(parts) else len(text)
        marks.append(Mark(MarkKind.HEADING, parts[n], starts[n], end))
    return text, tuple(marks)


def said(writer: ExtractiveWriter, question: str, *texts: str, marks: tuple[Mark, ...] = ()) -> list[str]:
    return [claim.text for claim in writer.write(question, passages(*texts, marks=marks)).claims]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When is payday?", "The 25th of each month."),
        ("Can I bring my dog?", "Dogs are welcome on Fridays."),
        ("Where can I park my car?", "There are 40 places behind the main building."),
    ],
)
def test_the_question_of_an_faq_is_not_its_answer(writer, question, answer):
    faq = (
        "When is payday?",
        "The 25th of each month.",
        "Can I bring my dog?",
        "Dogs are welcome on Fridays.",
        "Where can I park my car?",
        "There are 40 places behind the main building.",
    )
    text, marks = sections(*faq)
    assert said(writer, question, text, marks=marks)[0] == answer
    (best, *_) = said(writer, question, "\n".join(f"{'QA'[n % 2]}: {part}" for n, part in enumerate(faq)))
    assert best == f"A: {answer}"


def test_a_title_does_not_answer_what_its_text_does(writer):
    text, marks = sections(
        "Outage of the mail server on 3 May",
        "A disk of the array failed.",
        "Duration",
        "Four hours and ten minutes.",
    )
    marks = (Mark(MarkKind.HEADING, marks[0].label, 0, len(text)), marks[1])
    found = said(writer, "How long was the outage of the mail server?", text, marks=marks)
    assert found == ["Four hours and ten minutes."]


def test_a_heading_answers_what_its_text_does_not(writer):
    text, marks = sections("Summer party on 3 July", "Bring your family and something for the grill.")
    assert said(writer, "When is the summer party?", text, marks=marks) == ["Summer party on 3 July"]


def test_a_line_may_say_yes_in_the_words_of_the_question(writer):
    text = "Gloves are mandatory\n\nHelmets hang at the gate.\n\nPlease read this page twice."
    assert said(writer, "Are gloves mandatory?", text) == ["Gloves are mandatory"]


def test_an_item_comes_without_its_mark(writer):
    text = "All employees get\n\n- a lunch allowance of 180 euros\n- free transport in the city"
    assert said(writer, "How much is the lunch allowance?", text) == ["a lunch allowance of 180 euros"]


def test_what_a_colon_leads_to_comes_with_it_and_once(writer):
    text = "To connect to the VPN, run:\n\nvpn connect --profile office\nvpn status\n\nAsk Ida for a key."
    (found,) = said(writer, "How do I connect to the VPN?", text)
    assert found == text[: text.index("\n\nAsk")]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Do you accept cash payments?",
            "We never accept:\n\n- cash payments\n- cheques without a card\n\nAsk Ida for help.",
            ["We never accept:", "cash payments"],
        ),
        (
            "What do I need on the first day?",
            "On the first day you need:\n- a passport\n- the tax number\n\nBring it before your last day.",
            ["On the first day you need:\n- a passport\n- the tax number"],
        ),
    ],
)
def test_an_item_does_not_come_without_what_leads_to_it(writer, question, text, answer):
    assert said(writer, question, text) == answer


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Can colleagues take 10 days of leave?", "Colleagues may take 30 days of leave a year."),
        ("Do deliveries before 6 need a permit?", "Deliveries before 7 need a permit."),
        ("Does the lift take 4 people?", "The lift takes 6 people."),
        ("Was the policy valid in 2022?", "The policy was written in 2021 and is valid since."),
    ],
)
def test_another_quantity_is_not_another_thing(writer, question, text):
    assert said(writer, question, text) == [text]


def test_a_question_in_quotes_is_no_answer_either(writer):
    text = '"Is it earlier in December?" Yes: the 20th. Pay day is the 25th.'
    assert '"Is it earlier in December?"' not in said(writer, "Is pay day earlier in December?", text)


def test_of_a_table_the_row_that_was_asked_for_comes_first_and_poorer_ones_not_at_all(writer):
    pens = "Item: Pen; Colour: red; Price: 1.20 euros\nItem: Pen; Colour: green; Price: 1.40 euros"
    assert said(writer, "What is the price of the green pen?", pens) == [pens.splitlines()[1]]
    periods = (
        "Service: under 6 months; Notice period: 2 weeks\n"
        "Service: 6 months to 2 years; Notice period: 1 month\n"
        "Service: over 2 years; Notice period: 3 months"
    )
    found = said(writer, "What is the notice period with over 2 years of service?", periods)
    assert found[0] == periods.splitlines()[2]


def test_a_sentence_that_leans_on_another_does_not_come_without_it(writer):
    text = (
        "Anna Berg leads the design team. Her deputy is Chris Doyle.\n\n"
        "Boris Falk leads the sales team. His deputy is Dana Ek."
    )
    assert "His deputy is Dana Ek." not in said(writer, "Who is the deputy of the design team?", text)


@pytest.mark.parametrize(
    ("asked", "not_there"),
    [
        ("When was invoice 4471 paid?", "When was invoice 4472 paid?"),
        ("Who services machine 12?", "Who services machine 13?"),
        ("What was the budget of the office for 2023?", "What was the budget of the office for 2024?"),
    ],
)
def test_another_number_is_another_thing(writer, asked, not_there):
    text = (
        "Machine 12 is serviced by Olga every month. Machine 14 is serviced by Pavel every month. "
        "Invoice 4471 was paid on 3 March. The budget of the office for 2023 was 200,000 euros."
    )
    assert said(writer, asked, text)
    assert said(writer, not_there, text) == []


def test_a_table_row_can_be_the_answer(writer):
    text = "Item: lamp oil; Price: 12 kronor\nItem: rope; Price: 40 kronor\nItem: tar; Price: 9 kronor"
    draft = writer.write("What is the price of rope?", passages(text))
    assert draft.claims[0].text == "Item: rope; Price: 40 kronor"


def test_a_sentence_that_stands_twice_is_said_once(writer):
    draft = writer.write("Who took the bakery shop over?", passages(BAKERY, BAKERY))
    assert len({claim.text for claim in draft.claims}) == len(draft.claims) > 0


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("¿Cuándo se inauguró el faro?", "El faro se inauguró en 1902. Lo cuida Marta Ruiz.", "1902"),
        ("图书馆是哪一年建成的？", "新图书馆于1998年建成。馆长是李明。", "1998"),
    ],
)
def test_other_languages_are_answered(writer, question, text, words):
    draft = writer.write(question, passages(text))
    assert words in draft.claims[0].text


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "?!…",
        "what is it about?",
        "\x00\x07\u202e\u2066",
        "the of and",
        "🙂",
        "\ud800",
        "zxqv " * 2000,
        "天" * 10_000,
    ],
)
@pytest.mark.parametrize("texts", [BOTH, (), ("",), ("---\n***",)])
def test_odd_questions_and_passages_are_declined_quickly(writer, question, texts):
    start = perf_counter()
    assert writer.write(question, passages(*texts)).claims == ()
    assert perf_counter() - start < 1


@pytest.mark.parametrize(
    ("question", "sentence", "has"),
    [
        ("How many boats sank?", "Seven boats sank.", True),
        ("How many boats sank?", "The boats sank.", False),
        ("In what year did it open?", "It opened in 1877.", True),
        ("What happened to the 1877 edition, and when?", "The 1877 edition burnt.", False),
        ("Who built it?", "It was built by Greta Holm.", True),
        ("Who built it?", "It was built of oak.", False),
        ("Who is Ole Moe?", "Name: Moe, Ole; Office: baker", True),
        ("Who is Ole Moe?", "The shop was sold to Ole Moe by Ida Berg.", False),
        ("Who is Ole Moe?", "天" * 10_000, False),
        ("What is the salary of a clerk?", "There are 40 clerks.", False),
        ("What is the salary of a clerk?", "A clerk earns 40 francs.", True),
    ],
)
def test_a_cue_knows_the_kind_of_answer(question, sentence, has):
    assert has_answer(cue_of(question), sentence, frozenset(question.lower().split())) is has
