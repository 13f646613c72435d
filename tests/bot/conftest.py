"""A library to ask, and `footnote` to ask it with."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

ROOT = Path(__file__).parents[2]
LEAVE = """# Leave

Staff may take 26 days of leave a year. Unused days lapse in March.

## Sick leave

A doctor’s note is due after three days. It goes to the team lead.
"""
HEATING = "# Heating\n\nThe boiler in the annex was replaced in 2019. The new boiler cost 4,000 francs.\n"
PAY = "# Pay\n\nThe director earns 90,000 francs.\n"


def _run(*words: str, home: Path, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *words], input=given)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """`footnote` in this process, in an empty folder and a clean environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("FOOTNOTE_", "SLACK_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    return _run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`footnote` as a process of its own, in an empty folder and a clean environment; `|` and
    the like follow the command in `then`."""

    def start(
        *words: str, home: Path, then: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", f'"$0" -c "from bot.cli import main; main()" "$@" {then}', sys.executable, *words],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "FOOTNOTE_HOME": str(home),
                **environment,
            },
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )

    return start


@pytest.fixture
def leave() -> str:
    """The text of the document "Leave" in `home`."""
    return LEAVE


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two documents in `default` and one in `secret`; no test writes to it."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "secret").mkdir()
    (folder / "leave.md").write_text(LEAVE)
    (folder / "heating.md").write_text(HEATING)
    (folder / "secret" / "pay.md").write_text(PAY)
    home = folder / "home"
    assert _run("index", str(folder / "leave.md"), str(folder / "heating.md"), home=home).exit_code == 0
    assert _run("index", str(folder / "secret"), "--space", "secret", home=home).exit_code == 0
    return home
