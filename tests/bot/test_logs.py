import logging
import warnings

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def restore():
    root, ours = logging.getLogger(), [logging.getLogger("bot"), logging.getLogger("index")]
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger in ours:
        logger.setLevel(logging.NOTSET)


def test_our_packages_are_logged_from_the_level_set(capsys):
    logs.configure("info")
    logging.getLogger("index.sync").info("read")
    logging.getLogger("bot.assistant").debug("hidden")
    assert capsys.readouterr().err == "INFO index.sync: read\n"


def test_others_are_heard_only_when_they_fail(capsys):
    logs.configure("debug")
    logging.getLogger("pypdf").warning("hidden")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=True)
        warnings.warn("hidden", UserWarning, stacklevel=1)
    logging.getLogger("chromadb").error("broken")
    assert capsys.readouterr() == ("", "ERROR chromadb: broken\n")


def test_a_record_cannot_steer_the_terminal(capsys):
    logs.configure("warning")
    logging.getLogger("index").warning("read %s", "a\x1b]0;title\x07.md\u202e")
    assert capsys.readouterr().err == "WARNING index: read a]0;title.md\n"


def test_a_traceback_keeps_its_lines(capsys):
    logs.configure("debug")
    try:
        int("odd")
    except ValueError:
        logging.getLogger("bot").debug("Unexpected", exc_info=True)
    assert len(capsys.readouterr().err.splitlines()) > 3
