"""An office at work: its settings, its clock, its rules, its database; each loaded when first used."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from requestflow.config import Config, Person
from requestflow.definitions.calendar_files import as_dates, load_calendar_years
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.clock import Rules
from requestflow.domain.facts import LONGEST_NAME, check_text, near
from requestflow.domain.forms import Form
from requestflow.domain.numbering import NumberPattern
from requestflow.domain.workflow import UNIT_WORK, Workflow
from requestflow.errors import Finding, FoundProblems, Refused, WrongUsage
from requestflow.wallclock import Clock

_FEW = 5  # names that a message gives where none is like what was written

if TYPE_CHECKING:  # the machine and the database take their time; who does not need them does not wait
    from requestflow.domain.machine import Engine
    from requestflow.domain.notice_kinds import NoticeCatalogue
    from requestflow.storage.database import Database, Session


class RuleBook:
    """Workflow, forms and calendar, from an office's settings or as shipped; loaded when asked for."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config

    @cached_property
    def _loaded(self) -> tuple[Workflow, dict[str, Form]]:
        if self.config is None:
            return load_workflow(workflow_path("disclosure"))
        config = self.config
        path = workflow_path(config.workflow, config.folder)
        loaded = load_workflow(path, config.switches, lambda name: config.place("switches", name))
        self._check_roles(loaded[0], config)
        self._check_rules(loaded[0], config)
        return loaded

    def _check_roles(self, workflow: Workflow, config: Config) -> None:
        """Everybody in [people] holds a role that the workflow has."""
        known = list(workflow.roles)
        findings = [
            Finding(
                "unknown_role",
                config.place("people", person.key, "role"),
                {"name": person.role, "near": near(person.role, known) or known},
            )
            for person in config.people.values()
            if person.role not in known
        ]
        if findings:
            raise FoundProblems("config_broken", findings, file=config.path.name)

    def _check_rules(self, workflow: Workflow, config: Config) -> None:
        """Every limit that a rule of [remind] names is one of the workflow's, or the units' own."""
        known = [*workflow.limits, *workflow.yearly, UNIT_WORK]
        findings = [
            Finding(
                "unknown_limit_in_rule",
                config.place("remind", "rules", index, "limits"),
                {"name": name, "near": near(name, known) or known[:_FEW]},
            )
            for index, rule in enumerate(config.remind.rules)
            for name in rule.limits
            if name not in known
        ]
        if findings:
            raise FoundProblems("config_broken", findings, file=config.path.name)

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
        days_off = {
            day: name
            for text, name in self.config.days_off.items()
            for day in self._days([text], "days_off", text)
        }
        working_days = self._days(self.config.working_days, "working_days")
        years = load_calendar_years(self.config.region, own=self.config.calendars)
        return Calendar(years, days_off=days_off, working_days=working_days)

    def _days(self, texts: Sequence[str], *names: str) -> list[date]:
        """Days that the office has set itself."""
        found = []
        for text in texts:
            try:
                found += as_dates([text])
            except ValueError:
                config = self.config
                where = config.place("calendar", *names) if config else ""
                finding = Finding("not_a_day", where, {"text": text})
                raise FoundProblems("config_broken", [finding], file=where.partition(":")[0]) from None
        return found

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
        if self.config and own and not own.is_dir():
            where = self.config.place("notices", "folder")
            finding = Finding("notices_folder_missing", where, {"folder": str(own)})
            raise FoundProblems("config_broken", [finding], file=self.config.path.name)
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
        self.copies_outdated = False  # whether dates were read that go by another calendar

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

        The first act of an office writes down by which calendar its dates go.
        """
        with self.database.writing(self.name) as session:
            if not session.entries:
                self.keep_calendar(session)
            yield session

    def keep_calendar(self, session: "Session") -> None:
        """Writes down that the copies of dates go by the calendar in force."""
        from requestflow.storage.office_store import keep_calendar

        if session.calendar != self.calendar.digest:
            keep_calendar(session, self.calendar.digest)

    def goes_by_another_calendar(self, session: "Session") -> bool:
        """Whether the copies of dates were worked out under another calendar than the one in force.

        So it is between a change of the calendar and `calendar refresh`. Where it is not known, they
        are taken to be right.
        """
        outdated = session.calendar not in (None, self.calendar.digest)
        return bool(session.entries) and outdated

    def calendar_of_copies(self, session: "Session") -> Calendar:
        """The calendar in force; every date provisional where the copies go by another one."""
        self.copies_outdated = self.goes_by_another_calendar(session)
        return self.calendar.doubted() if self.copies_outdated else self.calendar

    def refresh_owed(self) -> bool:
        """Whether the calendar has changed and `calendar refresh` has not gone over the dates since."""
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
        named = [key for key, unit in units.items() if wanted in (key, unit.name)]
        if named:
            return named[0]
        check_text("unit", wanted)
        if units or not wanted.strip() or len(wanted) > LONGEST_NAME:
            raise Refused("unknown_unit", name=wanted, near=near(wanted, units) or list(units))
        return wanted.strip()
