"""`make try-slack`: a Slack workspace on this machine, with the bot in it, over `seeds/`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_slack import LocalSlack
from node import PeerError
from room import until

SEEDS = Path(__file__).parents[2] / "seeds"
PORT = 4100
QUESTION = "How many Kenyan officers are ready?"
COMMAND = str(Path(sys.executable).with_name("footnote"))
_SECONDS_TO_END = 25  # the bot finishes what it has taken


@contextmanager
def workspace() -> Iterator[LocalSlack]:
    """local-slack with the bot in it. Raises PeerError, and SystemExit when the bot gives up."""
    with tempfile.TemporaryDirectory() as home, LocalSlack(PORT) as slack:
        environment = os.environ | slack.environment | {"FOOTNOTE_HOME": home}
        subprocess.run([COMMAND, "index", os.path.relpath(SEEDS)], env=environment, check=True)
        with subprocess.Popen([COMMAND, "serve"], env=environment, start_new_session=True) as bot:
            try:
                until(lambda: slack.is_connected() or bot.poll() is not None)
                if bot.returncode is not None:
                    sys.exit("The bot ended before it was connected; it says why above.")
                yield slack
            finally:
                _end(bot)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with workspace() as slack:
            print(f"\nOpen {slack.url} in your browser and type, for example:\n")
            print(f"  @Footnote {QUESTION}\n  /ask What is the main task of the mission?\n")
            print("Click “1 reply” to see the answer in its thread. Ctrl-C ends it.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print()
    except (PeerError, RuntimeError, TimeoutError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)


if __name__ == "__main__":
    main()
