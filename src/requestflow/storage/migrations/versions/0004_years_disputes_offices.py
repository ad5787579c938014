"""The office's own acts, disputes, closed years, and where an office stands."""

import sqlalchemy as sa
from alembic import op

from requestflow.storage.schema import Instant

revision = "0004"
down_revision = "0003"
_YEAR = 366


def _office_column() -> sa.Column[int]:
    return sa.Column("office_id", sa.Integer(), nullable=False)


def _of_office(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_office_id_offices")
    return sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=name)


def _disputes() -> None:
    op.create_table(
        "disputes",
        _office_column(),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("application", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filed", sa.Date(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=True),
        sa.Column("co_defendant", sa.Text(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        _of_office("disputes"),
        sa.PrimaryKeyConstraint("office_id", "number", name=op.f("pk_disputes")),
    )


def _years() -> None:
    op.create_table(
        "years",
        _office_column(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("reopened_at", Instant(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        _of_office("years"),
        sa.PrimaryKeyConstraint("office_id", "year", "version", name=op.f("pk_years")),
    )


def _mark_lingering() -> None:
    """Takes the mark from every result that came within 366 days of receipt, as new ones have it."""
    table = sa.table("applications", sa.column("id", sa.Integer), sa.column("received", sa.Date),
                     sa.column("concluded", sa.Date), sa.column("lingering", sa.Boolean))  # fmt: skip
    bind = op.get_bind()
    rows = bind.execute(
        sa.select(table.c.id, table.c.received, table.c.concluded).where(table.c.concluded.is_not(None))
    )
    keys = [{"key": row.id} for row in rows if (row.concluded - row.received).days <= _YEAR]
    if keys:
        statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values(lingering=False)
        bind.execute(statement, keys)


def _tree() -> None:
    """Columns only: the table of offices is named by all others, and cannot be made anew."""
    op.execute(
        "ALTER TABLE offices ADD COLUMN parent_id INTEGER"
        " CONSTRAINT fk_offices_parent_id_offices REFERENCES offices (id)"
    )
    op.add_column("offices", sa.Column("level", sa.Text(), nullable=True))
    op.add_column(
        "offices", sa.Column("vertical", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(op.f("ix_offices_parent_id"), "offices", ["parent_id"])


def upgrade() -> None:
    """The office's own acts, disputes, closed years, and where an office stands."""
    _tree()
    with op.batch_alter_table("entries") as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
    op.add_column(
        "applications", sa.Column("lingering", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    _mark_lingering()
    op.create_index(
        "ix_applications_lingering",
        "applications",
        ["office_id", "received", "kind", "concluded", "void"],
        sqlite_where=sa.text("lingering = 1"),
        postgresql_where=sa.text("lingering"),
    )
    _disputes()
    _years()
