"""emulate (npm, Apache-2.0): Slack's OAuth v2, for installing the bot into a workspace."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from node import installed, program
from room import answers, listener, room

CLIENT_ID, CLIENT_SECRET, APP = "1002.2003", "secret-of-emulate", "A0FOOTNOTE"
INSTALLER = "amina"


@contextmanager
def emulate(redirect_uri: str, scopes: Sequence[str]) -> Iterator[str]:
    """Runs the service until the block ends and gives its URL. Raises PeerError.

    Bolt needs `authorization_url=f"{url}/oauth/v2/authorize"` in its OAuth settings and a client with
    `base_url=f"{url}/api/"`. A test then walks as a browser does, keeping cookies:

    1. GET our /slack/install, which sets the state's cookie (Secure, so with https) and links to the
       authorization_url with client_id, scope, user_scope, redirect_uri and state;
    2. GET that: a page with one form for each user, 400 for an unknown client_id or redirect_uri;
    3. POST /oauth/v2/authorize/callback, as those forms do, with that query's parameters and a `user_id`
       of the page (the last form is INSTALLER's): 302 to our redirect_uri with code and state;
    4. GET that with the cookie: Bolt calls oauth.v2.access, whose tokens then work for auth.test.

    A code works once and for ten minutes, then is "invalid_code"; a wrong secret is "invalid_client_id".
    To refuse, GET our redirect_uri with error=access_denied and the state: emulate has no page for that.
    """
    command = [
        program("node"),
        str(installed("emulate") / "dist" / "index.js"),
        "start",
        "--service",
        "slack",
    ]
    with tempfile.TemporaryDirectory() as folder, listener() as door:
        seed = Path(folder, "workspace.json")
        seed.write_text(json.dumps({"slack": _workspace(redirect_uri, scopes)}))
        port = str(door.getsockname()[1])
        url = f"http://127.0.0.1:{port}"
        with room([*command, "--port", port, "--base-url", url, "--seed", str(seed)], door) as log:
            answers(f"{url}/oauth/v2/authorize?client_id={CLIENT_ID}", log)
            yield url


def _workspace(redirect_uri: str, scopes: Sequence[str]) -> dict[str, object]:
    app = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "app_id": APP,
        "name": "Footnote",
        "bot_name": "footnote",
        "redirect_uris": [redirect_uri],
        "scopes": list(scopes),
    }
    return {
        "team": {"name": "Mission Desk", "domain": "mission-desk"},
        "users": [{"name": INSTALLER, "real_name": "Amina Odhiambo", "email": "amina@example.org"}],
        "channels": [{"name": "general"}],
        "oauth_apps": [app],
    }
