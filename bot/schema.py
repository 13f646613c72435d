"""The tables of the state."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, MetaData, String, Table, Text, UniqueConstraint, false

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
