"""A case: an application with its history replayed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.applications import Application
from requestflow.domain.clock import Rules
from requestflow.domain.deadline import Deadline, deadline
from requestflow.domain.entries import Entry
from requestflow.domain.standing import Standing, stand
from requestflow.errors import Refused


@dataclass(frozen=True, slots=True)
class Case:
    """An application, every entry of its history, and where that leaves it."""

    application: Application
    history: tuple[Entry, ...]
    standing: Standing

    def deadline(self, as_of: date, rules: Rules) -> Deadline:
        """Its deadline on a day; see `deadline.deadline`."""
        found = deadline(self.standing.entries, as_of, rules, self.standing.letters)
        if found is None:
            raise Refused("nothing_registered", number=self.application.number)
        return replace(found, overdue=False) if self.standing.void else found


def replay(number: str, history: Iterable[Entry], rules: Rules) -> Case:
    """The case that a history tells. Replaying it again gives the same case."""
    entries = tuple(history)
    standing = stand(entries, rules)
    return Case(Application.of(number, standing.entries[0]), entries, standing)
