"""The schema and its migrations are one thing told twice."""

import sqlalchemy as sa
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
