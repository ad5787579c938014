"""The shape of a workflow file: which keys it may have, and of what type each is."""

from typing import Annotated, Any

from pydantic import Field

from requestflow.definitions.shapes import Code, Days, Name, Shape, Worded
from requestflow.domain.workflow import (
    Effect,
    FactType,
    Grade,
    OfficeLevel,
    OwedBy,
    Remedy,
)


class SourceFile(Worded):
    """A law; `formal` is its name in letters, `paragraphs` the articles whose first bracket is a 款."""

    formal: str | None = None
    paragraphs: list[int] = []


class StateFile(Worded):
    """A state: whether a result was made in it, and whether anything need follow."""

    final: bool = False
    concluded: bool = False


class ChannelFile(Worded):
    """A channel, with the rule for its day of receipt."""

    receipt: Worded
    basis: str
    grade: Grade = Grade.TEXT


class ExemptionFile(Shape):
    """When an effect falls away: a switch has this value, and these facts hold."""

    switch: Name
    value: str
    facts: dict[Name, str] = {}


class LimitFile(Worded):
    """A period: its length, where it counts from, who owes, what meets or ends it."""

    working_days: Days | None = None
    calendar_days: Days | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    within: Name | None = None
    ahead: Annotated[int, Field(ge=0, le=30)] = 0
    level_if: ExemptionFile | None = None
    if_late: Name | None = None
    met_by_facts: list[Name] = []
    owed_by: OwedBy = OwedBy.OFFICE
    only_if_remedy: list[Remedy] = []
    basis: str
    grade: Grade = Grade.TEXT
    counts_from: Name = "on"
    length_fact: Name | None = None
    until_fact: Name | None = None
    met_by: list[Name] = []
    ended_by: list[Name] = []
    if_needed: bool = False
    silence_resumes: bool = False
    only_if: dict[Name, str] = {}


MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class YearlyFile(Worded):
    """What an office owes each year, by the level that it stands at."""

    due: Annotated[dict[OfficeLevel, MonthDay], Field(min_length=1)]
    met_by_close: bool = False
    basis: str
    grade: Grade = Grade.TEXT


class SwitchFile(Worded):
    """A point that the law leaves open, and the option in force."""

    options: dict[str, Worded]
    value: str
    basis: str
    grade: Grade


class FactFile(Worded):
    """A fact that a step records."""

    type: FactType
    required: bool = False
    personal: bool = False
    default: str | None = None
    choices: dict[Name, Worded] = {}


class ActFile(Worded):
    """What registration and every transition have."""

    basis: str
    grade: Grade = Grade.TEXT
    effect: Effect = Effect.NONE
    limit: Name | None = None
    starts: list[Name] = []


class TransitionFile(ActFile):
    """A step from one state to another."""

    from_: Annotated[list[Name], Field(alias="from", min_length=1)]
    to: Name
    by: Annotated[list[Name], Field(min_length=1)]
    no_effect_if: ExemptionFile | None = None
    concludes: Name | None = None
    lapse_of: Name | None = None
    outcome: Code | None = None
    stays_while: Name | None = None
    guards: list[Name] = []
    facts: dict[Name, FactFile] = {}
    internal: bool = False


class OutcomeFile(Worded):
    """How an application can end."""

    row: Code | None = None
    rows: dict[str, Code] = {}
    basis: Annotated[list[str], Field(min_length=1)]
    grade: Grade = Grade.TEXT
    remedy: Remedy
    recorded_by: list[Name] | None = None
    needs: list[Name] = []
    expects: list[Name] = []
    needs_facts: list[Name] = []
    stands_for_row: bool = False


class YearFile(Shape):
    """Who may close a report year and open it again."""

    close_by: Annotated[list[Name], Field(min_length=1)] | None = None
    reopen_by: Annotated[list[Name], Field(min_length=1)] | None = None


class RemedyFile(Shape):
    """What letters from a day on tell of remedies."""

    since: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    instead: dict[Remedy, Remedy] = {}
    review_days: Days
    suit_months: Days
    suit_after_review_days: Days
    review_basis: Annotated[list[str], Field(min_length=1)]
    review_first_basis: list[str] = []
    suit_basis: Annotated[list[str], Field(min_length=1)]
    grade: Grade = Grade.TEXT


class TierFile(Shape):
    """A tier of a tariff."""

    yuan: Annotated[int, Field(ge=0, le=1_000_000)]
    up_to: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    every: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    rise: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class TariffFile(Worded):
    """A marginal fee."""

    unit: Worded
    span: Worded
    tiers: Annotated[list[TierFile], Field(min_length=1)]
    basis: str
    grade: Grade = Grade.TEXT


class WorkflowFile(Shape):
    """The shape of a workflow file; `workflow.schema.json` is made from it."""

    workflow: Name
    version: Annotated[str, Field(min_length=1)]
    title: Worded
    forms: Annotated[list[str], Field(min_length=1)]
    sources: dict[str, SourceFile]
    roles: dict[Name, Worded]
    initial: Name
    states: dict[Name, StateFile]
    channels: dict[Name, ChannelFile]
    supply: dict[Name, Worded] = {}
    limits: dict[Name, LimitFile]
    yearly: dict[Name, YearlyFile] = {}
    switches: dict[Name, SwitchFile] = {}
    registration: ActFile
    transitions: dict[Name, TransitionFile]
    outcomes: dict[Code, OutcomeFile]
    year: YearFile = YearFile()
    remedies: list[RemedyFile] = []
    fees: dict[Name, TariffFile] = {}


def schema() -> dict[str, Any]:
    """The JSON Schema of workflow files, for editors: `workflows/workflow.schema.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WorkflowFile.model_json_schema(by_alias=True),
    }
