"""`due`: the cases in which the office owes something, most urgent first, each with all that is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from requestflow.domain.deadline import Status
from requestflow.domain.next_act import next_act, unmet_act
from requestflow.domain.waiting import Waiting, waiting
from requestflow.domain.workflow import AMEND, Workflow
from requestflow.services.duties import OFFICE, Duty, duties, last_day_within
from requestflow.services.listing import Line, line_of, unit_in_rows
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session

HANDED_IN = "year published"  # the command that records when the office met a yearly duty


@dataclass(frozen=True, slots=True)
class Item:
    """A case with its open obligations in order of their days, or a duty of the office itself."""

    line: Line | None
    duties: tuple[Duty, ...]
    waiting: Waiting | None = None
    if_ended_today: date | None = None  # the due date, if the wait ended today

    @property
    def due(self) -> date:
        """The first day on which something is owed, by whomever; what is only if needed aside."""
        return next((duty.due for duty in self.duties if not duty.if_needed), date.max)

    def next_act(self, duty: Duty, workflow: Workflow) -> str | None:
        """What the office does next about a duty: a step, or an act of the engine; None where it waits.

        Of what others owe: the step that ends it unmet, once its day has passed.
        """
        if duty.number is None:
            return HANDED_IN
        limit = workflow.limits.get(duty.kind)
        if self.line is None or limit is None or duty.if_needed or duty.waits:
            return None
        if limit.met_by_facts:
            return AMEND
        state = self.line.row.summary.state
        if duty.owed_by == OFFICE:
            act = next_act(workflow, limit, state, {one.kind for one in self.duties})
        else:
            act = unmet_act(workflow, limit, state) if duty.remaining < 0 else None
        return act.name if act else None


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
    groups = _grouped(duties(office, all_of_them=all_of_them))
    yearly = [Item(None, (duty,)) for duty in groups.pop(None, []) if by is None or duty.due <= by]
    shown = {
        str(number): tuple(found)
        for number, found in groups.items()
        if _stands(tuple(found), by, all_of_them=all_of_them)
    }
    today = office.today()
    with office.reading() as session:
        if unit is not None:
            known, yearly = unit_in_rows(office, session, unit), []
            shown = {n: found for n, found in shown.items() if any(duty.unit in known for duty in found)}
        rows = registry.find_all(session, list(shown))
        calendar = office.calendar_of_copies(session)
        lines = [line_of(office, row, today, calendar) for row in rows]
        waits = _waits(office, session, lines)
    cases = [_item(office, line, shown[line.row.summary.number], waits) for line in lines]
    return sorted([*yearly, *cases], key=_order)


def _waits(office: Office, session: Session, lines: Iterable[Line]) -> dict[str, Waiting]:
    """What each case waits for whose clock stands still; their histories alone are read."""
    from requestflow.services.casework import replayed

    keys = {line.row.id: line.row.summary.number for line in lines if line.now.status is Status.PAUSED}
    found = {}
    for key, history in ledger.histories_of(session, list(keys)).items():
        clock = replayed(office, keys[key], history).standing.clock
        waits = waiting(clock, office.today(), office.workflow) if clock else None
        if waits is not None:
            found[keys[key]] = waits
    return found


def _item(office: Office, line: Line, owed: tuple[Duty, ...], waits: dict[str, Waiting]) -> Item:
    found = waits.get(line.row.summary.number)
    if found is None:
        return Item(line, owed)
    anew = found.anew.due(office.today(), office.rules) if found.anew else line.now.due
    return Item(line, owed, found, anew)


def _order(item: Item) -> tuple[date, str]:
    return item.due, item.line.row.summary.number if item.line else ""
