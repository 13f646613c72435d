"""Words that say nothing about what a text is about."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# They hold a sentence together, or only ask; that a passage has them is no evidence.
_FUNCTION_WORDS = """
a about all also among an and any are as at be been being but by can could d did do does doing done each
for from get gets go goes going got had has have he her hers him his how i if in into is it
its itself kind ll may me might more most much many must my name no nor not of off on one or other our
out over own please re s shall she should so some such t tell than that the their theirs them then there
these they this those to too type under up us ve very was we were what when where which who whom whose
why will with would you your according during happen happened happens
went al algo como con cual cuales cuando cuanta cuantas cuanto cuantos de del desde donde el ella ellos
en entre era eran es esa ese eso esta este estas estos esto estan fue fueron ha han hasta hay la las le
les lo los mas no o para pero por porque que quien quienes se ser si sin sobre su sus un una unas uno
unos y au aux avec ce ces cette comment dans des du elle est et ils je leur ne nous ou par pas quand
quel quelle quels quelles qui quoi sont sur une vous aber als auch auf aus bei bis das dem der ein eine
einem einen einer eines er fur ich ihr im ist nach nicht oder sie sind und von wann waren warum was
welche welcher welches wenn wer wie wird wo zu zum zur
什么 多少 哪里 哪些 哪个 何时 谁 的 了 是 在 和 吗 呢 是什 么时 时候 什么时 为什
怎么 如何 哪一 是谁 是多 少个 有多 哪年 哪种 是哪 了什 了多
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


@lru_cache(maxsize=1 << 16)
def is_function_word(word: str) -> bool:
    """Whether a word says nothing about what a text is about."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return plain in _FUNCTION
