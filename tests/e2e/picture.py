"""`picture.py FILE`: asks the bot in local-slack's page, as a user does, and keeps a picture of the answer.

Needs Debian's package `chromium` beside what `make try-slack` needs.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from node import PeerError
from playwright.sync_api import FloatRect, Page, sync_playwright
from try_slack import QUESTION, workspace

_WIDER = 240  # pixels the thread is drawn out by


def picture(url: str, question: str, file: Path) -> None:
    """Types a mention into the first channel of the page at `url` and opens its thread.

    `file` gets question and answer as PNG, once the answer has buttons. Raises PeerError without Chromium.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise PeerError("There is no `chromium` here. Install Debian's package chromium and try again.")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 2000}, device_scale_factor=2)
        page.goto(url)
        composer = page.locator(".main .composer-input")
        composer.fill(f"@Footnote {question}")
        composer.press("Enter")
        page.locator(".thread-summary").last.click()
        _draw_out(page)
        page.locator(".thread-body .bk-actions").last.wait_for()
        page.screenshot(path=file, clip=_thread(page))


def _draw_out(page: Page) -> None:
    page.locator(".thread-resize-handle").hover()
    page.mouse.down()
    page.mouse.move(1280 - 380 - _WIDER, 1000)
    page.mouse.up()
    page.mouse.move(0, 0)


def _thread(page: Page) -> FloatRect:
    """Where the thread's messages are, without the empty space below them."""
    body = page.locator(".thread-body").bounding_box()
    last = page.locator(".thread-body .msg").last.bounding_box()
    assert body is not None
    assert last is not None
    return {**body, "height": last["y"] + last["height"] - body["y"]}


def main() -> None:
    try:
        with workspace() as slack:
            picture(slack.url, QUESTION, Path(sys.argv[1]))
    except PeerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
