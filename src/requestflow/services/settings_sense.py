"""What a config says that does not fit the rules of the law, or itself: each fault with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from requestflow.config import Config
from requestflow.definitions.calendar_files import as_dates
from requestflow.domain.facts import near
from requestflow.domain.workflow import UNIT_WORK, Workflow
from requestflow.errors import Finding

_FEW = 5  # names that a message gives where none is like what was written


@dataclass(slots=True)
class OwnDays:
    """The office's own days off, by name, and its own working days; and what is wrong with them."""

    off: dict[date, str] = field(default_factory=dict)
    worked: list[date] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self, text: str, place: str) -> list[date]:
        """A day or a span of them, as it is written in the settings."""
        try:
            found = as_dates([text])
        except ValueError:
            self.findings.append(Finding("not_a_day", place, {"text": text}))
            return []
        if not found:
            self.findings.append(Finding("own_days_reversed", place, {"text": text}))
        return found


def own_days(config: Config) -> OwnDays:
    """The days of [calendar]; one that is off and worked at once is a fault, with both of its places."""
    days = OwnDays()
    places: dict[date, str] = {}
    for text, name in config.days_off.items():
        place = config.place("calendar", "days_off", text)
        for day in days.read(text, place):
            days.off[day] = name
            places[day] = place
    place = config.place("calendar", "working_days")
    for text in config.working_days:
        days.worked += days.read(text, place)
    for day in sorted(set(days.worked) & days.off.keys()):
        facts = {"day": day, "name": days.off[day], "place": place}
        days.findings.append(Finding("own_day_off_and_worked", places[day], facts))
    return days


def _unlike(name: str, known: Sequence[str]) -> dict[str, object]:
    return {"name": name, "near": near(name, known) or known[:_FEW]}


def against_workflow(config: Config, workflow: Workflow) -> Iterator[Finding]:
    """Everybody in [people] holds a role that there is; rules of [remind] name limits that there are."""
    roles = list(workflow.roles)
    for person in config.people.values():
        if person.role not in roles:
            facts = {"name": person.role, "near": near(person.role, roles) or roles}
            yield Finding("unknown_role", config.place("people", person.key, "role"), facts)
    limits = [*workflow.limits, *workflow.yearly, UNIT_WORK]
    for index, rule in enumerate(config.remind.rules):
        for name in rule.limits:
            if name not in limits:
                place = config.place("remind", "rules", index, "limits")
                yield Finding("unknown_limit_in_rule", place, _unlike(name, limits))
