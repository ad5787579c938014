"""The annual report's headings and the quotations to be checked, from `notices/annual_report.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from requestflow.definitions.reader import read_text
from requestflow.definitions.shapes import Shape
from requestflow.definitions.shipped import shipped
from requestflow.domain.expectations import expected, not_toml
from requestflow.domain.quoted import Member, Quotation, QuotationRules
from requestflow.errors import Finding, FoundProblems

PROSE = ("overview", "publication", "requests", "management", "platform", "supervision", "problems",
         "other_matters")  # fmt: skip
_TITLES = frozenset({*PROSE, "table2", "table3", "table4"})


class _QuotationFile(Shape):
    figure: str
    label: str
    words: Annotated[list[str], Field(min_length=1)]
    needs: str = ""
    also: list[str] = []
    alone: bool = False


class _MemberFile(Shape):
    label: str
    words: Annotated[list[str], Field(min_length=1)]
    columns: list[str] = []
    figure: str = ""
    of: str = ""


class _QuotedFile(Shape):
    parts: list[str] = []
    others: list[str] = []


class _ReportFile(Shape):
    titles: dict[str, str]
    quoted: _QuotedFile = _QuotedFile()
    quotation: list[_QuotationFile] = []
    member: list[_MemberFile] = []


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """Headings by code, and how figures in the prose are checked."""

    titles: Mapping[str, str]
    quoted: QuotationRules
    template: Path


def _beside(folder: Path | None, name: str) -> Path:
    """A file of `notices/`: the office's own where it has one, else the shipped one."""
    own = folder / "notices" / name if folder else None
    return own if own is not None and own.is_file() else shipped("notices") / name


def load_report_plan(folder: Path | None = None) -> ReportPlan:
    """The plan of the annual report; files in the office's own `notices/` win over the shipped ones.

    Raises:
        FoundProblems: no TOML, a heading that is missing or unknown, a wrong value.
    """
    path = _beside(folder, "annual_report.toml")
    try:
        file = _ReportFile.model_validate(tomllib.loads(read_text(path)), strict=True)
    except ValidationError as error:
        findings = [
            Finding("value_wrong", path.name, {
                "key": ".".join(str(part) for part in fault["loc"]),
                "value": str(fault.get("input"))[:80],
                "expected": expected(fault),
            })
            for fault in error.errors(include_url=False)
        ]  # fmt: skip
        raise FoundProblems("definition_broken", findings, file=path.name) from None
    except ValueError as error:
        fault = not_toml(error, path.name)
        raise FoundProblems("definition_broken", [fault], file=path.name) from None
    odd = sorted(_TITLES ^ set(file.titles))
    if odd:
        findings = [Finding("report_title_wrong", path.name, {"key": key}) for key in odd]
        raise FoundProblems("definition_broken", findings, file=path.name)
    return ReportPlan(
        titles=file.titles,
        quoted=QuotationRules(
            tuple(
                Quotation(q.figure, q.label, tuple(q.words), q.needs, tuple(q.also), q.alone)
                for q in file.quotation
            ),
            tuple(
                Member(m.label, tuple(m.words), tuple(m.columns), m.figure, m.of) for m in file.member
            ),
            tuple(file.quoted.parts),
            tuple(file.quoted.others),
        ),
        template=_beside(folder, "annual_report.md.j2"),
    )
