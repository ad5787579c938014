"""The schema and its migrations are one thing told twice."""

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from requestflow.storage import migrations
from requestflow.storage.migrations.run import migrate
from requestflow.storage.schema import REVISION, metadata


def _indexes(engine: sa.Engine) -> dict[str, str]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
        return {name: " ".join((sql or "").split()) for name, sql in found if "alembic" not in name}


def test_all_migrations_make_the_schema() -> None:
    """A database by migrations and one by the tables' declarations do not differ, indexes included."""
    migrated, declared = sa.create_engine("sqlite://"), sa.create_engine("sqlite://")
    metadata.create_all(declared)
    with migrated.connect() as connection:
        migrate(connection)
        connection.commit()
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

        assert differences == []

    assert _indexes(migrated) == _indexes(declared)


def test_the_revision_that_is_asked_for_is_the_newest() -> None:
    """A database that the migrations have just made is one that the program opens."""
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_database_of_before_keeps_its_rows() -> None:
    """The office's acts, offices and years come to a database with rows; nothing of it is lost."""
    engine = sa.create_engine("sqlite://")
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO offices VALUES (1, '某局', 2, 'x')")
        for number, received, concluded in (
            (1, "2024-01-02", "2024-02-02"), (2, "2023-01-02", "2024-02-02"), (3, "2024-03-01", None),
        ):  # fmt: skip
            connection.execute(
                sa.text(
                    "INSERT INTO applications VALUES (:id, 1, :id, :received, NULL, 'enterprise', 'post',"
                    " 'x', 'closed', NULL, NULL, :concluded, '2024-01-30', '2024-01-02', 0, NULL, 1, 1,"
                    " 0, 0, 1)"
                ),
                {"id": number, "received": received, "concluded": concluded},
            )
        connection.exec_driver_sql(
            "INSERT INTO entries VALUES (1, 1, 1, 1, 'register', '2024-01-02', '2024-01-02 00:00:00',"
            " 'clerk', NULL, 'received', '{}', 'x', NULL, 'x')"
        )
        connection.exec_driver_sql("INSERT INTO personal_parts VALUES (1, 1, 1, 'x', '{}')")
        migrate(connection)
        lingering = "SELECT lingering FROM applications ORDER BY id"
        found = [row[0] for row in connection.exec_driver_sql(lingering)]
        entries = connection.exec_driver_sql("SELECT application_id, digest FROM entries").fetchall()
        parts = connection.exec_driver_sql("SELECT application_id, salt FROM personal_parts").fetchall()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        parent = connection.exec_driver_sql("SELECT parent_id, vertical FROM offices").fetchall()

    assert found == [0, 1, 1]
    assert (entries, parent, broken) == ([(1, "x")], [(None, 0)], [])
    assert parts == [(1, "x")]


def test_what_a_dropped_digest_did_not_tell_is_taken_back() -> None:
    """Reminders of dropped digests go; those that went out, or may have, stay."""
    engine = sa.create_engine("sqlite://")
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.exec_driver_sql(
            "INSERT INTO offices (id, name, sequence, digest) VALUES (1, '某局', 0, 'x')"
        )
        for key, status, doubled in ((1, "dropped", 0), (2, "sent", 0), (3, "dropped", 1)):
            connection.exec_driver_sql(
                "INSERT INTO dispatches (id, office_id, recipient, channel, day, status, attempts, due_at,"
                " doubled, token) VALUES (?, 1, ?, 'file', '2026-11-24', ?, 1, '2026-11-24 00:00:00', ?, 'x')",
                (key, f"unit:{key}", status, doubled),
            )
            connection.exec_driver_sql(
                "INSERT INTO reminders (office_id, number, kind, entry, due, stage, recipient, channel,"
                " dispatch_id) VALUES (1, '2026-0001', 'answer', 1, '2026-11-30', 5, ?, 'file', ?)",
                (f"unit:{key}", key),
            )
        migrate(connection)
        left = connection.exec_driver_sql("SELECT dispatch_id FROM reminders ORDER BY 1").fetchall()

    assert left == [(2,), (3,)]
