"""Where the parts meet: an office from its config.toml."""

from datetime import date
from pathlib import Path

from requestflow.config import load_config
from requestflow.services.office import Office, RuleBook
from requestflow.wallclock import Clock, FixedDay, SystemClock


def open_office(config: Path, today: date | None = None) -> Office:
    """The office of a config file; `today` stands in for the machine's day.

    Raises:
        NotFound, FoundProblems: no config, or one with faults.
    """
    settings = load_config(config, lambda found: RuleBook(found).faults())
    clock: Clock = SystemClock(settings.zone)
    if today is not None:
        clock = FixedDay(today, settings.zone)
    return Office(settings, clock)
