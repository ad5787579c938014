"""Whether the cases of a year were answered on time: by the original due date, and as extended."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from requestflow.domain.clock import Clock, Rules, due_date, effect_of, fold, waits
from requestflow.domain.deadline import is_late
from requestflow.domain.entries import Entry, effective
from requestflow.domain.obligations import answer_obligation
from requestflow.domain.undertaking import undertaken
from requestflow.domain.workflow import IMPORT, Effect


class Answer(StrEnum):
    """How a case stands with its answer on a day."""

    ON_TIME = "on_time"  # served by its due date (235号)
    LATE = "late"  # served after it
    ENDED = "ended"  # withdrawn or lapsed: no answer was owed any more
    OPEN = "open"  # not served, and the due date not passed
    OVERDUE = "overdue"  # not served, and the due date passed


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """A case's answer: due when, without extensions and with them, and served when."""

    answer: Answer
    received: date
    original_due: date
    due: date
    extended: int  # working days in all, art. 33
    answered: date | None
    unit: str | None


def answer_time(history: Iterable[Entry], as_of: date, rules: Rules) -> AnswerTime | None:
    """How a case stands on a day, from what its history says of the days up to it.

    None where it had not been received by then.
    """
    entries = [entry for entry in effective(history) if entry.on <= as_of]
    clock = fold(entries, rules)
    if clock is None:
        return None
    due = due_date(clock, as_of, rules)
    owed = answer_obligation(entries, clock, as_of, rules)
    answered = owed.met_on if owed else None
    if owed is not None and owed.ended_on is not None:
        answer = Answer.ENDED
    elif answered is not None:
        answer = Answer.LATE if is_late(owed, clock, due) else Answer.ON_TIME
    else:
        past = as_of > due and not waits(clock, as_of)
        answer = Answer.OVERDUE if past else Answer.OPEN
    unit = undertaken(entries)
    return AnswerTime(
        answer=answer,
        received=entries[0].on,
        original_due=_original_due(entries, clock, as_of, rules),
        due=due,
        extended=clock.extended,
        answered=answered,
        unit=unit.unit if unit else None,
    )


def _original_due(entries: Sequence[Entry], clock: Clock, as_of: date, rules: Rules) -> date:
    """The due date as it would be without any extension; pauses and restarts stay."""
    if not clock.extended:
        return due_date(clock, as_of, rules)
    plain = fold(_unextended(entries, rules), rules)
    return due_date(plain or clock, as_of, rules)


def _unextended(entries: Sequence[Entry], rules: Rules) -> Iterator[Entry]:
    for entry in entries:
        act = rules.workflow.act(entry.transition)
        if act is not None and effect_of(entry, act, rules.workflow) is Effect.EXTEND:
            continue
        if entry.transition == IMPORT:
            kept = {name: value for name, value in entry.data.items() if name != "extended_to"}
            yield replace(entry, data=kept)
        else:
            yield entry


@dataclass(frozen=True, slots=True)
class Timeliness:
    """A group of cases and how their answers stand; the five kinds of answer add up to `cases`.

    `extended` counts the cases whose due date was extended; `on_time_original` those served by the
    original due date, so `on_time - on_time_original` were on time by virtue of an extension.
    """

    group: str
    cases: int
    on_time: int
    on_time_original: int
    late: int
    ended: int
    open: int
    overdue: int
    extended: int

    @property
    def share(self) -> float | None:
        """On time among those answered, as a fraction; None where none was."""
        answered = self.on_time + self.late
        return self.on_time / answered if answered else None


def tally(group: str, times: Sequence[AnswerTime]) -> Timeliness:
    """The figures of a group of cases."""
    counted = Counter(time.answer for time in times)
    return Timeliness(
        group=group,
        cases=len(times),
        on_time=counted[Answer.ON_TIME],
        on_time_original=sum(
            time.answer is Answer.ON_TIME
            and time.answered is not None
            and time.answered <= time.original_due
            for time in times
        ),
        late=counted[Answer.LATE],
        ended=counted[Answer.ENDED],
        open=counted[Answer.OPEN],
        overdue=counted[Answer.OVERDUE],
        extended=sum(time.extended > 0 for time in times),
    )
