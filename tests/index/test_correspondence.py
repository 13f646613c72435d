"""What stands where other words stood: the same words, what replaced them, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.correspondence import corresponding
from index.quotes import normalise

OLD = (
    "# Leave\n\nStaff may take 26 days of leave a year. Unused days lapse in March.\n\n"
    "A note is due after three days. It goes to the lead."
)


def now(quote: str, new: str, old: str = OLD) -> str | None:
    start = old.index(quote)
    place = corresponding(old, start, start + len(quote), new)
    return place and new[slice(*place)]


@pytest.mark.parametrize(
    ("quote", "change", "expected"),
    [
        (
            "Staff may take 26 days of leave a year.",
            ("26", "30"),
            "Staff may take 30 days of leave a year.",
        ),
        ("26 days", ("26", "30"), "Staff may take 30 days of leave a year."),
        ("26 days", ("Staff may", "All staff can"), "26 days"),
        ("Unused days lapse in March.", ("March", "May"), "Unused days lapse in May."),
        ("lapse in March. A note", ("\n\nA note", " A note"), "lapse in March. A note"),
        ("three days", ("A note is due after three days.", "Three days are long."), "Three days"),
        ("It goes to the lead.", ("It goes to the lead.", "Ask Ruth."), "Ask Ruth."),
    ],
)
def test_what_changed_around_or_within_a_quote(quote, change, expected):
    old = OLD.replace("\n\nA note", " A note") if "March. A" in quote else OLD
    new = OLD.replace(*change)
    assert now(quote, new, old) == expected


def test_of_the_same_words_in_two_places_those_in_the_same_company_are_taken():
    old = "Of cats: they sleep. Eat fish. Of dogs: they bark. Eat fish. The end."
    start = old.rindex("Eat fish.")
    new = f"Something new. {old}"
    assert corresponding(old, start, start + 9, new) == (start + 15, start + 24)


def test_what_was_deleted_corresponds_to_nothing():
    assert now("Unused days lapse in March.", OLD.replace(" Unused days lapse in March.", "")) is None
    assert now("Unused days lapse in March.", "Cheese is made of milk, and some of it is blue.") is None


def test_a_short_quote_is_not_looked_for_among_other_sentences():
    new = OLD.replace("Staff may take 26 days of leave a year. ", "") + " In 26 days the sun will rise."
    assert now("26 days", new) != "26 days"


SENTENCE = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "7", "8", "90"]), min_size=2, max_size=6
).map(lambda words: " ".join(words).capitalize() + ".")


@given(st.lists(SENTENCE, min_size=1, max_size=8), st.lists(SENTENCE, max_size=8), st.data())
def test_it_is_a_stretch_of_the_new_text_and_the_same_words_where_they_stand(old, new, data):
    quote = data.draw(st.sampled_from(old))
    before, after = " ".join(old), " ".join(new)
    start = before.index(quote)
    place = corresponding(before, start, start + len(quote), after)
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(after)
    if quote in new:
        assert place is not None
        assert normalise(after[slice(*place)]).text == normalise(quote).text
