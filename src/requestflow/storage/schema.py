"""The tables: `entries` is the truth and only grows; `applications` and `applicants` copy from it."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

# The migration that makes exactly these tables; a database of another revision is refused.
REVISION = "0008"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; aware on the way in and on the way out, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To the database: UTC."""
        del dialect
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """From the database: with its zone."""
        del dialect
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC)


offices = sa.Table(
    "offices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    # where it stands among the offices of one database
    sa.Column("parent_id", sa.ForeignKey("offices.id"), index=True),
    sa.Column("level", sa.Text),
    sa.Column("vertical", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    # the head of the chain: how many entries there are, and the digest of the last one
    sa.Column("sequence", sa.BigInteger, nullable=False, default=0),
    sa.Column("digest", sa.Text, nullable=False),
    # the calendar that the copies of dates go by, a `KeptCalendar`; none where that is not known
    sa.Column("calendar", sa.Text),
)

series = sa.Table(
    "series",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

applications = sa.Table(
    "applications",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office_id", sa.ForeignKey("offices.id"), nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("received", sa.Date, nullable=False),
    sa.Column("submitted", sa.Date),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("counted_outcome", sa.Text),
    sa.Column("concluded", sa.Date),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False),
    sa.Column("waits_until", sa.Date),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
    sa.Column("lingering", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("unit_due", sa.Date),
    sa.Column("unit_signed", sa.Date),
    sa.UniqueConstraint("office_id", "number"),
)
# What the clerk looks at every day: the few cases that are still owed an answer.
sa.Index(
    "ix_applications_owed",
    applications.c.office_id,
    applications.c.due,
    # the migration says the same for other engines; to say it here would load their dialects at start-up
    sqlite_where=sa.text("answered = 0 AND void = 0"),
)
# What the annual table counts: each figure from one of these, without touching a row.
sa.Index(
    "ix_applications_received",
    applications.c.office_id,
    applications.c.received,
    applications.c.kind,
    applications.c.concluded,
    applications.c.void,
)
sa.Index(
    "ix_applications_concluded",
    applications.c.office_id,
    applications.c.concluded,
    applications.c.counted_outcome,
    applications.c.kind,
    applications.c.received,
    applications.c.void,
)
# The few that are open or took longer than a year: what lets all others be found by their receipt.
sa.Index(
    "ix_applications_lingering",
    applications.c.office_id,
    applications.c.received,
    applications.c.kind,
    applications.c.concluded,
    applications.c.void,
    sqlite_where=sa.text("lingering = 1"),
)

# What is open in a case: the copy of its obligations that nobody has met yet. What is met leaves.
obligations = sa.Table(
    "obligations",
    metadata,
    sa.Column("application_id", sa.ForeignKey("applications.id"), primary_key=True),
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("office_id", sa.ForeignKey("offices.id"), nullable=False),
    sa.Column("started", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("owed_by", sa.Text, nullable=False),
    sa.Column("if_needed", sa.Boolean, nullable=False),
    sa.Column("remedy", sa.Boolean, nullable=False),
)
# What is looked at every day; the applicants' own periods for a remedy, which nobody meets, stand aside.
sa.Index(
    "ix_obligations_open",
    obligations.c.office_id,
    obligations.c.due,
    sqlite_where=sa.text("remedy = 0"),
)
sa.Index(
    "ix_obligations_remedies",
    obligations.c.office_id,
    obligations.c.due,
    sqlite_where=sa.text("remedy = 1"),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    # empty for what the office itself did: a dispute, the close of a year
    sa.Column("application_id", sa.ForeignKey("applications.id")),
    sa.Column("entry", sa.Integer, nullable=False),
    sa.Column("transition", sa.Text, nullable=False),
    sa.Column("legal_day", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("from_state", sa.Text),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("personal_digest", sa.Text),
    sa.Column("digest", sa.Text, nullable=False),
    sa.UniqueConstraint("application_id", "entry"),
)

# What identifies people, apart from the chain: it can be removed, and the chain still holds.
personal_parts = sa.Table(
    "personal_parts",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    # empty for what an act of the office itself says of people: the note on a dispute
    sa.Column("application_id", sa.ForeignKey("applications.id"), index=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

applicants = sa.Table(
    "applicants",
    metadata,
    sa.Column("application_id", sa.ForeignKey("applications.id"), primary_key=True),
    sa.Column("name", sa.Text, index=True),
    sa.Column("id_number", sa.Text),
    sa.Column("contact", sa.Text),
    sa.Column("address", sa.Text),
)

# Reviews and suits: what the office's own entries amount to.
disputes = sa.Table(
    "disputes",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("application", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("filed", sa.Date, nullable=False),
    sa.Column("organ", sa.Text),
    sa.Column("co_defendant", sa.Text),
    sa.Column("review", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("result", sa.Text),
    sa.Column("closed", sa.Date),
    sa.Column("counted", sa.Boolean, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
)

# Closed years: each version of the tables as frozen; one that was reopened says when, by whom and why.
years = sa.Table(
    "years",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("closed_at", Instant, nullable=False),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("reopened_at", Instant),
    sa.Column("reopened_by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)

# What goes out, or went: one digest an addressee, channel and day. Claimed before it is sent.
dispatches = sa.Table(
    "dispatches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office_id", sa.ForeignKey("offices.id"), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("claimed_at", Instant),
    sa.Column("sent_at", Instant),
    sa.Column("doubled", sa.Boolean, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("part", sa.Integer, nullable=False),  # which digest of that day it is, from 1
    sa.UniqueConstraint("office_id", "recipient", "channel", "day", "part"),
)
# What a pass looks at: the few that are still to go out.
sa.Index(
    "ix_dispatches_open",
    dispatches.c.office_id,
    dispatches.c.due_at,
    sqlite_where=sa.text("status IN ('waiting', 'claimed')"),
)

# What has been told, or is about to be: its key makes telling it twice impossible.
reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("office_id", sa.ForeignKey("offices.id"), primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("due", sa.Date, primary_key=True),
    sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("dispatch_id", sa.ForeignKey("dispatches.id"), nullable=False, index=True),
)

# Issued letters: which number went to which application. A copy of the `issue_letter` entries.
letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office_id", sa.ForeignKey("offices.id"), nullable=False),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("entry", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    # of the yearly series that the number is from; none where a letter has no 文号
    sa.Column("series", sa.Text),
    sa.Column("year", sa.Integer),
    sa.Column("serial", sa.Integer),
    sa.UniqueConstraint("office_id", "number"),
    sa.UniqueConstraint("office_id", "series", "year", "serial"),
)

# The words of letters and the files they were printed as: they name people, and can be removed.
letter_texts = sa.Table(
    "letter_texts",
    metadata,
    sa.Column("letter_id", sa.ForeignKey("letters.id"), primary_key=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
letter_prints = sa.Table(
    "letter_prints",
    metadata,
    sa.Column("letter_id", sa.ForeignKey("letters.id"), primary_key=True),
    sa.Column("format", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
