"""Small companies' documents, asked as colleagues would: what is reached today does not get worse."""

from __future__ import annotations

import pytest
from company import ask

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("company", "right", "at_once", "declined"),
    [("workshop", 34, 30, 2), ("coldstore", 35, 27, 9), ("vetlab", 33, 28, 10)],
)
def test_most_of_what_is_asked_is_answered_or_declined_rightly(
    company: str, right: int, at_once: int, declined: int
) -> None:
    asked = ask(company)
    answered = [one for one in asked if one.expected]
    assert sum(one.is_right for one in answered) >= right - 1
    assert sum(one.is_right_at_once for one in answered) >= at_once - 1
    assert sum(one.is_right for one in asked if not one.expected) >= declined - 1
