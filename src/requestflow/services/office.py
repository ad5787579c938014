"""An office at work: its settings, its clock, its rules, its database; each loaded when first used."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from requestflow.config import Config, Person
from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar, KeptCalendar
from requestflow.domain.clock import Rules
from requestflow.domain.facts import LONGEST_NAME, check_text, near
from requestflow.domain.forms import Form
from requestflow.domain.numbering import NumberPattern
from requestflow.domain.workflow import Workflow
from requestflow.errors import Finding, FoundProblems, Refused, RequestflowError, WrongUsage
from requestflow.services.settings_sense import against_workflow, own_days
from requestflow.wallclock import Clock

if TYPE_CHECKING:  # the machine and the database take their time; who does not need them does not wait
    from requestflow.domain.machine import Engine
    from requestflow.domain.notice_kinds import NoticeCatalogue
    from requestflow.storage.database import Database, Session


class Behind(Enum):
    """Whether the rows go by what is in force, or by another calendar, or by other rules."""

    NOTHING = "nothing"
    CALENDAR = "calendar"
    RULES = "rules"  # the calendar perhaps as well


class RuleBook:
    """Workflow, forms and calendar, from an office's settings or as shipped; loaded when asked for."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config

    @cached_property
    def _loaded(self) -> tuple[Workflow, dict[str, Form]]:
        config = self.config
        if config is None:
            return load_workflow(workflow_path("disclosure"))
        path = workflow_path(config.workflow, config.folder)
        try:
            loaded = load_workflow(path, config.switches, lambda name: config.place("switches", name))
        except FoundProblems:
            self._refuse(config)
            raise
        if any(against_workflow(config, loaded[0])):
            self._refuse(config)
        return loaded

    def faults(self) -> list[Finding]:
        """All in the settings that does not fit the rules, the calendar or itself, each with its line.

        A workflow file that is broken itself is told of when the settings are right.
        """
        config = self.config
        if config is None:
            return []
        found = [*own_days(config).findings, *self._notices_missing(config)]
        path = workflow_path(config.workflow, config.folder)
        try:
            workflow = load_workflow(path)[0]
        except RequestflowError:
            return found
        try:
            load_workflow(path, config.switches, lambda name: config.place("switches", name))
        except FoundProblems as error:
            found += error.findings
        return [*found, *against_workflow(config, workflow)]

    def _refuse(self, config: Config) -> None:
        """Where one setting is at fault, all that are."""
        if findings := self.faults():
            raise FoundProblems("config_broken", findings, file=config.path.name)

    def _notices_missing(self, config: Config) -> Iterator[Finding]:
        own = config.notices
        if own and not own.is_dir():
            where = config.place("notices", "folder")
            yield Finding("notices_folder_missing", where, {"folder": str(own)})

    @property
    def workflow(self) -> Workflow:
        """The workflow in force, its switches set."""
        return self._loaded[0]

    @property
    def forms(self) -> Mapping[str, Form]:
        """The layouts of the annual table, by code."""
        return self._loaded[1]

    @cached_property
    def calendar(self) -> Calendar:
        """The region's working days, with the office's own."""
        if self.config is None:
            return Calendar(load_calendar_years("CN"))
        days = own_days(self.config)
        if days.findings:
            self._refuse(self.config)
        years = load_calendar_years(self.config.region, own=self.config.calendars)
        return Calendar(years, days_off=days.off, working_days=days.worked)

    @cached_property
    def letters(self) -> "NoticeCatalogue":
        """Every kind of letter, of the office's own catalogue where it has one.

        Raises:
            FoundProblems: what is wrong with the catalogue, or that the office's folder is missing.
        """
        from requestflow.definitions.notice_catalogue import load_notice_catalogue

        return load_notice_catalogue(self.workflow, self.notice_folders)

    @property
    def notice_folders(self) -> tuple[Path, ...]:
        """The folders of letters, the office's own first."""
        from requestflow.definitions.notice_catalogue import notice_folders

        own = self.config.notices if self.config else None
        if self.config and any(self._notices_missing(self.config)):
            self._refuse(self.config)
        return notice_folders(own)

    @property
    def rules(self) -> Rules:
        """What a history is read under."""
        return Rules(self.workflow, self.calendar)

    @property
    def kinds(self) -> Mapping[str, str]:
        """Applicant kinds and their printed labels: the columns of the newest form."""
        form = self.forms[self.workflow.forms[-1]]
        return {c.code: c.label for c in form.columns if c.code in form.kinds}

    def form_for(self, year: int, code: str | None = None) -> Form:
        """The form of a report year (60号, 30号), or the one asked for.

        Raises:
            WrongUsage: `unknown_form`.
        """
        if code is not None:
            if code not in self.forms:
                raise WrongUsage("unknown_form", form=code, known=list(self.forms))
            return self.forms[code]
        fitting = [form for form in self.forms.values() if form.covers(year)]
        return fitting[-1] if fitting else self.forms[self.workflow.forms[0]]


class Office(RuleBook):
    """One office: everything an act needs, passed on as one value."""

    def __init__(self, config: Config, clock: Clock) -> None:
        super().__init__(config)
        self.settings = config
        self.clock = clock
        self.copies_outdated = False  # whether rows were read that are behind; see `behind`

    @property
    def name(self) -> str:
        """The office's name, as in its settings."""
        return self.settings.office

    @cached_property
    def engine(self) -> "Engine":
        """The rules with their machine."""
        from requestflow.domain.machine import Engine

        return Engine(self.rules)

    @cached_property
    def database(self) -> "Database":
        """The database of the settings."""
        from requestflow.storage.database import Database

        return Database(self.settings.database_url, self.settings.patience)

    def forget_rules(self) -> None:
        """Has the rules read again from their files: one of them was just written."""
        for loaded in ("_loaded", "calendar", "engine"):
            self.__dict__.pop(loaded, None)

    @property
    def pattern(self) -> NumberPattern:
        """How application numbers look."""
        return NumberPattern(self.settings.number_pattern)

    @contextmanager
    def reading(self) -> Iterator["Session"]:
        """A snapshot of the office's data."""
        with self.database.reading(self.name) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator["Session"]:
        """A transaction; undone unless it is committed.

        The first act of an office writes down by which calendar and rules its rows go.
        """
        with self.database.writing(self.name) as session:
            if not session.entries:
                self.keep_stamp(session)
            yield session

    @property
    def stamp(self) -> str:
        """What rows go by that are worked out now: the calendar's digest, and that of the rules."""
        return f"{self.calendar.digest}+{self.workflow.digest}"

    def keep_stamp(self, session: "Session") -> None:
        """Writes down that the rows go by the calendar and the rules in force, from this entry on."""
        from requestflow.storage import ledger
        from requestflow.storage.office_store import keep_calendar

        recorded = ledger.head(session)[0]
        known = session.calendar is not None and session.calendar.digest == self.stamp
        if not known or recorded > session.entries:
            until = self.calendar.published_until
            keep_calendar(session, KeptCalendar(self.stamp, until, recorded))

    def behind(self, session: "Session") -> Behind:
        """Whether the rows were worked out under another calendar or other rules than those in force.

        So it is between a change of the calendar, a switch or the workflow file and `calendar refresh`.
        Where it is not known, they are taken to be right: an earlier version wrote down the calendar
        alone.
        """
        kept = session.calendar
        if not session.entries or kept is None:
            return Behind.NOTHING
        days, _, rules = kept.digest.partition("+")
        if rules and rules != self.workflow.digest:
            return Behind.RULES
        return Behind.NOTHING if days == self.calendar.digest else Behind.CALENDAR

    def calendar_of_copies(self, session: "Session") -> Calendar:
        """The calendar in force; every date provisional where the rows are behind."""
        self.copies_outdated = self.behind(session) is not Behind.NOTHING
        return self.calendar.doubted() if self.copies_outdated else self.calendar

    def refresh_owed(self) -> bool:
        """Whether the rows are behind, and `calendar refresh` has not gone over them since."""
        with self.reading() as session:
            self.calendar_of_copies(session)
        return self.copies_outdated

    def check(self) -> None:
        """Reads rules, calendar and settings now, so that what is wrong with them is said at once.

        Raises:
            FoundProblems, NotFound: one of them has faults.
        """
        _ = self.workflow, self.calendar

    def level(self, session: "Session") -> str:
        """Where the office stands: as the tree of offices says, else as its settings do."""
        from requestflow.storage import office_store

        return office_store.level(session) or self.settings.level

    def today(self) -> date:
        """The office's day."""
        return self.clock.today()

    @property
    def roles(self) -> frozenset[str]:
        """The roles that somebody of the office holds."""
        return frozenset(person.role for person in self.settings.people.values())

    def person(self, key: str | None) -> Person:
        """Who acts: by key or by name, the default person where none is named.

        Raises:
            WrongUsage: `unknown_person`, naming the known ones.
        """
        people = self.settings.people
        wanted = key or self.settings.default_person
        if wanted in people:
            return people[wanted]
        named = [person for person in people.values() if person.name == wanted]
        if len(named) != 1:
            raise WrongUsage("unknown_person", name=wanted, near=list(people))
        return named[0]

    def unit(self, wanted: str) -> str:
        """The key of an undertaking unit, by key or name; any name where no unit is declared.

        Raises:
            Refused: `unknown_unit`, with the units of the settings.
            WrongUsage: control characters.
        """
        units = self.settings.units
        known = self.settings.unit(wanted)
        if known is not None:
            return known.key
        check_text("unit", wanted)
        if units or not wanted.strip() or len(wanted) > LONGEST_NAME:
            raise Refused("unknown_unit", name=wanted, near=near(wanted, units) or list(units))
        return wanted.strip()
