"""The tables of the state, and whether those that are there are these."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.errors import StateError

metadata = MetaData()

requests = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("event", String, nullable=False, unique=True),
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("thread", String),
    Column("asker", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("received", Float, nullable=False),
    Column("owner", String, nullable=False),
    Column("lease", Float, nullable=False),
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("ended", String),
    Column("answer", Text),
    Column("shared", Boolean, nullable=False, server_default=false()),
    # a mention comes as two events, which say the same thing at the same place and time
    UniqueConstraint("team", "channel", "ts"),
    Index("requests_open", "ended", "lease"),
    Index("requests_asker", "team", "asker", "received"),
    Index("requests_thread", "team", "channel", "thread"),
)

# where people talked to each other in a thread that Footnote had answered in, and when last
interruptions = Table(
    "interruptions",
    metadata,
    Column("team", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("thread", String, primary_key=True),
    Column("at", Float, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("request", String, primary_key=True),
    Column("asker", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Float, nullable=False),
)


def create(connection: Connection) -> None:
    """Makes the tables that are not there yet. Two processes may begin at once: whoever comes second
    finds them made. Raises StateError where they are another version's."""
    try:
        metadata.create_all(connection)
    except (OperationalError, IntegrityError):
        connection.rollback()
        metadata.create_all(connection)
    try:
        connection.execute(select(requests).limit(0))
    except DBAPIError as error:
        raise StateError(
            "The database of requests was made by another version of Footnote: move it away "
            "(state.sqlite3 in the home, or what DATABASE_URL names)."
        ) from error
