"""Personal parts of the office's own acts; reminders of digests that were dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Lets a personal part belong to no application; takes back what no digest has told."""
    with op.batch_alter_table("personal_parts") as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
    op.execute(
        "DELETE FROM reminders WHERE dispatch_id IN"
        " (SELECT id FROM dispatches WHERE status = 'dropped' AND NOT doubled)"
    )
