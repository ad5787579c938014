"""The moment of a letter of the process: a receipt or a question is no use once what it asks is past."""

from collections.abc import Iterator
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.clock import Rules
from requestflow.domain.deadline import deadline
from requestflow.domain.entries import Entry
from requestflow.domain.worked_facts import Place
from requestflow.domain.workflow import Effect
from requestflow.errors import Finding


def _overtakes(entry: Entry, place: Place, rules: Rules) -> bool:
    """Whether a later step answers the letter's own, begins the clock anew, or records a result."""
    state, act = rules.workflow.states[entry.to_state], rules.workflow.act(entry.transition)
    anew = act is not None and act.effect is Effect.RESTART
    return anew or state.concluded or state.final or entry.count("concludes") == place.entry.number


def _overtaken(place: Place, case: Case, on: date, rules: Rules) -> Entry | None:
    """The step by which the letter is past; on the day of its own step it is not."""
    if on == place.entry.on:
        return None
    later = (entry for entry in case.standing.entries if entry.number > place.entry.number)
    return next((entry for entry in later if entry.on <= on and _overtakes(entry, place, rules)), None)


def _promised(place: Place, case: Case, rules: Rules) -> date | None:
    """The last day that the letter names: that of the answer, or the one that the office set."""
    number, names = place.entry.number, set(place.kind.names)
    days = [place.entry.day("until") if "until" in names else None]
    if "due" in names:
        entries = [entry for entry in case.standing.entries if entry.number <= number]
        found = deadline(entries, place.entry.on, rules)
        days.append(found.due if found else None)
    return min((day for day in days if day is not None), default=None)


def untimely(place: Place, case: Case, on: date, rules: Rules) -> Iterator[Finding]:
    """What speaks against writing a letter of the process on a day: what it says is no longer to come.

    A warning and no refusal: offices write up afterwards what went out by hand, and know its day best.

    Args:
        place: the letter, and the step that it tells of; a reply tells of a result, and is never past.
        case: as it stands.
        on: the letter's day.
        rules: the rules in force.

    Returns:
        `letter_overtaken` by a later step; `letter_of_a_day_gone_by`.
    """
    if place.kind.outcomes:
        return
    number, notice = case.application.number, place.kind.words
    past = _overtaken(place, case, on, rules)
    if past is not None:
        act = rules.workflow.act(past.transition)
        step = act.words if act else past.transition
        facts = {"number": number, "notice": notice, "step": step, "day": past.on, "entry": past.number}
        yield Finding("letter_overtaken", number, facts, warning=True)
    promised = _promised(place, case, rules)
    if promised is not None and on > promised:
        facts = {"number": number, "notice": notice, "day": promised, "on": on}
        yield Finding("letter_of_a_day_gone_by", number, facts, warning=True)
