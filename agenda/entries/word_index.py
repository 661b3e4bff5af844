"""The full-text index of what readers can read: GIN on PostgreSQL, FTS5 on SQLite, of the same folded words.

The shown words of a telling are folded already (`diplomacy.directory.spelling.fold`: no accents, Latin letters), so
that both databases find the same and neither needs an extension. Used by migrations; Django makes a SQLite table anew
when it alters it and loses its triggers, so a migration that alters Telling calls `create` again after that.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION agenda_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT array_to_tsvector(string_to_array(btrim(words), ' ')) $$
    """,
    "CREATE INDEX IF NOT EXISTS telling_words ON agenda_telling USING gin (agenda_words(shown_words))",
)
_WITHOUT_POSTGRESQL = ("DROP INDEX IF EXISTS telling_words", "DROP FUNCTION IF EXISTS agenda_words(text)")
_DELETE = (
    "INSERT INTO agenda_telling_words (agenda_telling_words, rowid, shown_words) "
    "VALUES ('delete', old.id, old.shown_words);"
)
_INSERT = "INSERT INTO agenda_telling_words (rowid, shown_words) VALUES (new.id, new.shown_words);"
_SQLITE = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS agenda_telling_words
    USING fts5(
        shown_words, content='agenda_telling', content_rowid='id', tokenize="unicode61 tokenchars '_'", prefix='2 3 4'
    )
    """,
    f"CREATE TRIGGER IF NOT EXISTS telling_words_in AFTER INSERT ON agenda_telling BEGIN {_INSERT} END",
    f"CREATE TRIGGER IF NOT EXISTS telling_words_out AFTER DELETE ON agenda_telling BEGIN {_DELETE} END",
    "CREATE TRIGGER IF NOT EXISTS telling_words_new AFTER UPDATE OF shown_words ON agenda_telling "
    f"WHEN old.shown_words IS NOT new.shown_words BEGIN {_DELETE} {_INSERT} END",
    "INSERT INTO agenda_telling_words (agenda_telling_words) VALUES ('rebuild')",
)
_WITHOUT_SQLITE = (
    "DROP TRIGGER IF EXISTS telling_words_in",
    "DROP TRIGGER IF EXISTS telling_words_out",
    "DROP TRIGGER IF EXISTS telling_words_new",
    "DROP TABLE IF EXISTS agenda_telling_words",
)


def create(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index of all tellings, where it is not there; for `RunPython`."""
    _run(schema_editor, _POSTGRESQL, _SQLITE)


def drop(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the index away; for `RunPython`."""
    _run(schema_editor, _WITHOUT_POSTGRESQL, _WITHOUT_SQLITE)


def _run(editor: BaseDatabaseSchemaEditor, postgresql: tuple[str, ...], sqlite: tuple[str, ...]) -> None:
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement)
