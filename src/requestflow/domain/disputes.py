"""Reviews and suits about an office's answers: what its own entries amount to, and table four.

A dispute is told by entries of the office (`open_dispute`, `close_dispute`, `amend_dispute`,
`void_dispute`), folded here; its row in the database is a copy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from requestflow.domain.entries import Entry
from requestflow.domain.forms import Form
from requestflow.domain.tables import Period

OPEN, CLOSE, CHANGE, CANCEL = "open_dispute", "close_dispute", "amend_dispute", "void_dispute"
DISPUTE_ACTS = (OPEN, CLOSE, CHANGE, CANCEL)
DAYS = ("filed", "closed")
PENDING = "pending"


class DisputeKind(StrEnum):
    """The three blocks of table four: a review, a suit at once, a suit after a review."""

    REVIEW = "review"
    SUIT_DIRECT = "suit_direct"
    SUIT_AFTER_REVIEW = "suit_after_review"


class DisputeResult(StrEnum):
    """How a dispute ends: 结果维持, 结果纠正, 其他结果."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A review or a suit.

    `application` is the number of the application in dispute, where the office has it; `organ` who
    decides it, `review` the review that a suit follows. `counted` is False where the office takes
    part only as co-defendant: the case counts once, at the organ that acted [text].
    """

    number: str
    kind: str
    filed: date
    application: str | None = None
    organ: str | None = None
    co_defendant: str | None = None
    review: str | None = None
    note: str | None = None
    result: str | None = None
    closed: date | None = None
    counted: bool = True
    void: bool = False

    def figure(self, period: Period) -> str | None:
        """Where it stands in its block for a period, None where it is in no figure.

        Cases pending when the period begins are included [practice: Shanghai 2025]; the result is
        the one of the period's last day.
        """
        if self.void or not self.counted or self.filed > period.last:
            return None
        if self.closed is None or self.closed > period.last:
            return PENDING
        return self.result if self.closed >= period.first else None


def as_of(dispute: Dispute, day: date) -> Dispute:
    """A dispute as it stood on a day: what ended it later had not happened yet."""
    later = dispute.closed is not None and dispute.closed > day
    return replace(dispute, result=None, closed=None) if later else dispute


FACTS = ("kind", "filed", "application", "organ", "co_defendant", "review", "note", "result", "closed")


def changed(dispute: Dispute, facts: Mapping[str, object]) -> Dispute:
    """The dispute with facts as an entry holds them: days as text, None for what is taken back."""
    values: dict[str, object] = {}
    for name in (name for name in FACTS if name in facts):
        value = facts[name]
        values[name] = date.fromisoformat(str(value)) if name in DAYS and value else value
    if "counted" in facts:
        values["counted"] = bool(facts["counted"])
    return replace(dispute, **values)  # type: ignore[arg-type]  # names and types are those of FACTS


@dataclass(slots=True)
class Docket:
    """Every dispute that an office's entries tell of, by number."""

    disputes: dict[str, Dispute] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Takes one more entry of the office in; those of another kind change nothing."""
        if entry.transition not in DISPUTE_ACTS:
            return
        number = entry.text("dispute") or ""
        facts = entry.data.get("set") if entry.transition == CHANGE else entry.data
        given = facts if isinstance(facts, Mapping) else {}
        given = {**given, **entry.personal}  # the note: it may name people, and can be removed
        if entry.transition == OPEN:
            self.disputes[number] = changed(Dispute(number, "", entry.on), given)
        elif entry.transition == CLOSE:
            closed = changed(self.disputes[number], {"result": given.get("result")})
            self.disputes[number] = replace(closed, closed=entry.on)
        elif entry.transition == CHANGE:
            self.disputes[number] = changed(self.disputes[number], given)
        else:
            self.disputes[number] = replace(self.disputes[number], void=True)


def docket(acts: Iterable[Entry]) -> dict[str, Dispute]:
    """The disputes that an office's entries tell of, by number, oldest first."""
    found = Docket()
    for entry in acts:
        found.take(entry)
    return found.disputes


def blocks(disputes: Iterable[Dispute], period: Period, form: Form) -> dict[str, tuple[int, ...]]:
    """Table four: for each block the results as of the period's last day, what is pending, the total.

    总计 is the count of all disputes of the block, not the sum of the figures before it, so that
    identity 5 has something to prove.
    """
    named = [name for name in form.figures if name != "total"]
    found = [(one.kind, figure) for one in disputes if (figure := one.figure(period)) is not None]
    return {
        block: (
            *(sum(1 for one in found if one == (block, name)) for name in named),
            sum(1 for kind, _figure in found if kind == block),
        )
        for block in form.blocks
    }
