"""`due`: the cases in which the office owes something, most urgent first, each with all that is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from requestflow.domain.summary import due_now
from requestflow.services.duties import OFFICE, Duty, duties, last_day_within
from requestflow.services.listing import Line
from requestflow.services.office import Office
from requestflow.services.worked_anew import rows_anew
from requestflow.storage import registry


@dataclass(frozen=True, slots=True)
class Item:
    """A case with its open obligations in order of their days, or a duty of the office itself."""

    line: Line | None
    duties: tuple[Duty, ...]

    @property
    def due(self) -> date:
        """The first day on which something is owed, by whomever; what is only if needed aside."""
        return next((duty.due for duty in self.duties if not duty.if_needed), date.max)


def _stands(item: tuple[Duty, ...], by: date | None, *, all_of_them: bool) -> bool:
    """Whether a case is listed: the office owes something in it, and something of it is near enough."""
    sure = [duty for duty in item if not duty.if_needed]
    mine = all_of_them or any(duty.owed_by == OFFICE for duty in sure)
    return bool(sure) and mine and (by is None or sure[0].due <= by)


def _grouped(found: Iterable[Duty]) -> dict[str | None, list[Duty]]:
    groups: dict[str | None, list[Duty]] = {}
    for duty in found:
        groups.setdefault(duty.number, []).append(duty)
    return groups


def agenda(
    office: Office,
    *,
    within: int | None = None,
    all_of_them: bool = False,
    unit: str | None = None,
) -> list[Item]:
    """What is owed as of today, a case each, the earliest open day first.

    Args:
        office: whose.
        within: only cases in which something falls due within so many working days, or is overdue.
        all_of_them: with cases in which only the applicant's periods (review, suit) still run.
        unit: only what that undertaking unit has in hand.

    Raises:
        Refused: an unknown unit.
    """
    by = last_day_within(office, within)
    groups = _grouped(duties(office, within=within, all_of_them=all_of_them, whole_cases=True))
    yearly = [Item(None, (duty,)) for duty in groups.pop(None, [])]
    shown = {
        str(number): tuple(found)
        for number, found in groups.items()
        if _stands(tuple(found), by, all_of_them=all_of_them)
    }
    if unit is not None:
        key, yearly = office.unit(unit), []
        shown = {n: found for n, found in shown.items() if any(duty.unit == key for duty in found)}
    today = office.today()
    with office.reading() as session:
        rows = registry.find_all(session, list(shown))
        calendar = office.calendar_of_copies(session)
        if office.copies_outdated:
            rows = rows_anew(office, session, rows)
    cases = [
        Item(Line(row, due_now(row.summary, today, calendar)), shown[row.summary.number]) for row in rows
    ]
    return sorted([*yearly, *cases], key=_order)


def _order(item: Item) -> tuple[date, str]:
    return item.due, item.line.row.summary.number if item.line else ""
