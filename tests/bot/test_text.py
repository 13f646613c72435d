import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.text import one_line, plain, shortened

ANYTHING = st.text(st.characters(), max_size=80) | st.text(
    "\x1b\x9b\r\x07\u202e\u2066\U000e0041ab \n\ud800"
)
# Format characters with a shape of their own, or that words are spelt with.
SCRIPT_FORMATS = re.compile(
    "[\u200c\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)


@given(ANYTHING)
def test_nothing_that_steers_a_display_is_left(text):
    for character in plain(text):
        category = unicodedata.category(character)
        assert character in "\n\t" or category not in {"Cc", "Cs", "Zl", "Zp"}
        assert category != "Cf" or SCRIPT_FORMATS.match(character)


@given(ANYTHING)
def test_one_line_is_one_line_and_plain(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == plain(line).strip()
    line.encode("utf-8")


@given(st.text())
def test_letters_digits_and_signs_of_every_script_are_kept(text):
    kept = [c for c in text if unicodedata.category(c)[0] in "LNPSM"]
    assert [c for c in plain(text) if unicodedata.category(c)[0] in "LNPSM"] == kept


def test_words_on_either_side_of_any_line_break_stay_apart():
    assert plain("a\r\nb\x0bc\n") == "a\nb\nc\n"
    assert one_line("a\rb\x0bc\x85d\u2028e\r\nf") == "a b c d e f"


def test_joiners_that_words_and_emoji_need_are_kept():
    for text in ("می\u200cخواهم", "👩\u200d🚀"):
        assert plain(text) == text


@given(st.text(min_size=1), st.integers(1, 40))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text, limit):
    line = shortened(text, limit)
    assert len(line) <= limit
    assert line == one_line(text) or line.endswith("…")
