"""What the engine itself writes into a history: acts that move no case, by no rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from requestflow.domain.case import Case
from requestflow.domain.entries import Entry


@dataclass(frozen=True, slots=True)
class Doing:
    """Who acts, on which legal day, when it is written down, and under which rules."""

    by: str
    on: date
    recorded_at: datetime
    rules: str

    def entry(
        self,
        case: Case,
        act: str,
        data: Mapping[str, object],
        personal: Mapping[str, str] | None = None,
    ) -> Entry:
        """The next entry of a case, which stays in its state."""
        return Entry(
            number=len(case.history) + 1,
            transition=act,
            on=self.on,
            recorded_at=self.recorded_at,
            by=self.by,
            from_state=case.standing.state,
            to_state=case.standing.state,
            data=data,
            personal=personal or {},
            rules=self.rules,
        )
