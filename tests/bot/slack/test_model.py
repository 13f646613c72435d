"""With a language model: its sentences appear one by one, and what is shown stays."""

from __future__ import annotations

import pytest
from model_server import ModelServer, Reply, claim, lines
from people import LEAVE, TAKEN, quiet, shown, until

from bot.assistant import Assistant
from bot.composing import BROKE_OFF, Composer
from bot.models import Model
from bot.providers import open_model
from bot.slack.desk import STOPPED
from bot.writers.extractive import ExtractiveWriter
from bot.writers.llm import ModelWriter

OWN = claim("Each year staff may take 26 days of leave.", TAKEN)
WRONG = claim("Each year staff may take 28 days of leave.", TAKEN)
DIRECT = "D0ASKER"  # where the asker writes to the bot alone


@pytest.fixture
async def model_of():
    """The model behind a server; its connections are closed in the end."""
    opened: list[Model] = []

    def model(server: ModelServer) -> Model:
        opened.append(open_model("openai-like:test", server.url, None, 20.0, 6000))
        return opened[-1]

    yield model
    for model_ in opened:
        await model_.close()


def composed(library, model: Model) -> Assistant:
    composer = Composer(ModelWriter(model, 6000), 20.0)
    return Assistant(library, ExtractiveWriter(library.embedder), composer)


async def test_the_first_sentence_is_shown_while_the_next_is_written(
    slack, serving, asker, library, model_of
) -> None:
    slow = Reply(lines(WRONG, OWN, claim(TAKEN, TAKEN)), pause=1.0)
    async with ModelServer([slow]) as server, serving(assistant=composed(library, model_of(server))):
        await asker.writes(LEAVE)
        await until(lambda: any("Each year" in shown(m) for m in slack.messages(DIRECT)))
        assert server.whole == 0, "the model is still writing"
        [message] = slack.messages(DIRECT)
        assert message.streaming
        assert "feedback" not in str(message.blocks)
        [message] = await asker.replies(channel=DIRECT)
    assert "28 days" not in shown(message)
    assert shown(message).index("Each year") < shown(message).index(TAKEN)


async def test_what_broke_off_says_so(slack, serving, asker, library, model_of) -> None:
    cut = Reply(OWN, finish=None)
    async with ModelServer([cut]) as server, serving(assistant=composed(library, model_of(server))):
        await asker.writes(LEAVE)
        [message] = await asker.replies(channel=DIRECT)
    assert "Each year staff may take 26 days of leave." in shown(message)
    assert BROKE_OFF in shown(message)


async def test_stop_while_the_first_sentence_is_on_its_way_makes_no_second_message(
    slack, serving, asker, library, model_of
) -> None:
    slack.fail("chat.startStream", delay=0.5)
    slow = Reply(lines(OWN, claim(TAKEN, TAKEN)), pause=1.0)
    async with ModelServer([slow]) as server, serving(assistant=composed(library, model_of(server))):
        thread = await asker.writes(LEAVE)
        await until(lambda: slack.called("chat.startStream"))
        await asker.stops(thread)
        await quiet(slack, 0.6)
        [message] = slack.messages(DIRECT)
    assert "Each year" in shown(message)
    assert STOPPED in shown(message)
