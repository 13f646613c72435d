"""The catalog's tables."""

from __future__ import annotations

VERSION = 1
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE spaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space INTEGER NOT NULL REFERENCES spaces, uri TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE, title TEXT NOT NULL, version TEXT NOT NULL, characters INTEGER NOT NULL,
    chunks INTEGER NOT NULL DEFAULT 0, marks TEXT NOT NULL, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL, indexed_at TEXT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0, gone_at TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX standing ON documents (space, uri) WHERE NOT gone;
CREATE INDEX documents_version ON documents (version);
CREATE INDEX kept ON documents (gone_at) WHERE gone;
CREATE TABLE parts (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, number INTEGER NOT NULL,
    text BLOB NOT NULL, PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL, digest TEXT NOT NULL);
CREATE INDEX chunks_document ON chunks (document);
CREATE INDEX chunks_digest ON chunks (digest);
CREATE TABLE embedded (
    embedder TEXT NOT NULL, digest TEXT NOT NULL, vector BLOB NOT NULL, day INTEGER NOT NULL,
    PRIMARY KEY (embedder, digest)) WITHOUT ROWID;
CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space INTEGER NOT NULL, chunk INTEGER NOT NULL);
CREATE TRIGGER document_gone AFTER UPDATE OF gone ON documents BEGIN
    INSERT INTO removals (space, chunk) SELECT new.space, id FROM chunks WHERE document = new.id; END;
CREATE TABLE projections (
    kind TEXT PRIMARY KEY, folder TEXT NOT NULL, chunk INTEGER NOT NULL, removal INTEGER NOT NULL,
    files TEXT NOT NULL) WITHOUT ROWID;
"""
