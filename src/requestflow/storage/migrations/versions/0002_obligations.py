"""What is owed in each open case, as rows of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What is owed in each open case, as rows of its own."""
    op.create_table(
        "obligations",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("owed_by", sa.Text(), nullable=False),
        sa.Column("if_needed", sa.Boolean(), nullable=False),
        sa.Column("remedy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_obligations_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_obligations_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("application_id", "entry", "kind", name=op.f("pk_obligations")),
    )
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_obligations_open",
            ["office_id", "due"],
            unique=False,
            sqlite_where=sa.text("remedy = 0"),
            postgresql_where=sa.text("NOT remedy"),
        )
        batch_op.create_index(
            "ix_obligations_remedies",
            ["office_id", "due"],
            unique=False,
            sqlite_where=sa.text("remedy = 1"),
            postgresql_where=sa.text("remedy"),
        )
