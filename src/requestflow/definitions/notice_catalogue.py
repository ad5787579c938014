"""The catalogue of letters from `notices/catalogue.yaml`, checked against the workflow it writes for.

Every fault at once, with its line: an outcome, a step or a fact that there is not, a template that is
missing, two letters for one outcome, an outcome without a letter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from requestflow.definitions.reader import parse, read_yaml
from requestflow.definitions.shapes import Code, Fault, Name, Path_, Shape, Worded, named, unknown
from requestflow.definitions.shipped import shipped
from requestflow.domain.citations import basis_of
from requestflow.domain.facts import REASON
from requestflow.domain.notice_kinds import (
    ORGAN_KEYS,
    Addressee,
    Form,
    NoticeCatalogue,
    NoticeFact,
    NoticeKind,
    Origin,
    Series,
)
from requestflow.domain.notices import REMEDY_FACTS
from requestflow.domain.worked_facts import WORKED_OUT
from requestflow.domain.workflow import REGISTER, Basis, Remedy, Workflow
from requestflow.errors import Finding, FoundProblems

CATALOGUE = "catalogue.yaml"
_APPLICATION = ("number", "received", "submitted", "subject", "name", "contact", "address", "form")
_LETTER = ("number", "on")
_ENTRY = ("on", REASON)  # what every step has


class _SeriesFile(Worded):
    pattern: str


class _FactFile(Worded):
    from_: Annotated[str, Field(alias="from", pattern=r"^[a-z_]+\.[a-z_]+$")]
    form: Form = Form.PLAIN
    default: Annotated[str, Field(min_length=1)] | None = None


class _CommonFile(Shape):
    needs: list[Name] = []
    takes: list[Name] = []


class _LetterFile(Worded):
    title: Annotated[str, Field(min_length=1)]
    called: Annotated[str, Field(min_length=1)] = "告知书"
    template: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.j2$")]
    addressee: Addressee = Addressee.APPLICANT
    series: Name | None = None
    after: list[Name] = []
    outcomes: list[Code] = []
    basis: list[str] = []
    remedy: Remedy | None = None
    on_request: bool = False
    needs: list[Name] = []
    expects: list[Name] = []
    takes: list[Name] = []


class NoticesFile(Shape):
    """The shape of the catalogue of letters."""

    series: dict[Name, _SeriesFile]
    facts: dict[Name, _FactFile]
    common: _CommonFile = _CommonFile()
    letters: Annotated[dict[Name, _LetterFile], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class _Check:
    """One reading of a catalogue: the file as parsed, the workflow, and the folders of templates."""

    file: NoticesFile
    workflow: Workflow
    folders: Sequence[Path]

    def faults(self) -> Iterator[Fault]:
        yield from self._series()
        for name, fact in self.file.facts.items():
            yield from self._fact(name, fact)
        for name in REMEDY_FACTS:
            if name not in self.file.facts:
                yield "catalogue_lacks_fact", ("facts",), {"name": name}
        for key in ("needs", "takes"):
            yield from named(
                "fact", ("common", key), getattr(self.file.common, key), list(self.file.facts)
            )
        for name, letter in self.file.letters.items():
            yield from self._letter(("letters", name), letter)
        yield from self._outcomes()

    def _series(self) -> Iterator[Fault]:
        for name, series in self.file.series.items():
            marks = ("{code}", "{year}", "{number}")
            if any(series.pattern.count(mark) != 1 for mark in marks):
                yield "series_pattern_wrong", ("series", name, "pattern"), {"pattern": series.pattern}

    def _recorded(self) -> set[str]:
        """Every fact that some step records."""
        return {name for act in self.workflow.transitions.values() for name in act.facts} | set(_ENTRY)

    def _fact(self, name: str, fact: _FactFile) -> Iterator[Fault]:
        path: Path_ = ("facts", name)
        origin, _, key = fact.from_.partition(".")
        known: Mapping[str, Sequence[str]] = {
            Origin.ORGAN: ORGAN_KEYS,
            Origin.LETTER: _LETTER,
            Origin.APPLICATION: _APPLICATION,
            Origin.ENTRY: sorted(self._recorded()),
            Origin.DECISION: sorted(self._recorded()),
            Origin.WORKED_OUT: list(WORKED_OUT),
            **{name: [*act.facts, *_ENTRY] for name, act in self.workflow.transitions.items()},
        }
        if fact.default and origin != Origin.ORGAN:
            yield "default_of_a_recorded_fact", (*path, "default"), {"name": name}
        if origin not in known:
            yield "undeclared_origin", path, {"name": origin, "known": [str(name) for name in known]}
        else:
            yield from unknown("fact", path, key, list(known[origin]))

    def _letter(self, path: Path_, letter: _LetterFile) -> Iterator[Fault]:
        flow = self.workflow
        yield from named("transition", (*path, "after"), letter.after, [REGISTER, *flow.transitions])
        yield from named("outcome", (*path, "outcomes"), letter.outcomes, list(flow.outcomes))
        for key in ("needs", "expects", "takes"):
            yield from named("fact", (*path, key), getattr(letter, key), list(self.file.facts))
        if letter.series:
            yield from unknown("series", (*path, "series"), letter.series, list(self.file.series))
        if not letter.after and not letter.outcomes:
            yield "letter_of_nothing", path, {"name": str(path[-1])}
        if not any((folder / letter.template).is_file() for folder in self.folders):
            yield "template_missing", (*path, "template"), {"name": letter.template}
        yield from self._bases(path, letter)
        yield from self._records(path, letter)

    def _bases(self, path: Path_, letter: _LetterFile) -> Iterator[Fault]:
        for index, cite in enumerate(letter.basis):
            if basis_of(cite, self.workflow.sources) is None:
                yield "undeclared_source", (*path, "basis", index), {
                    "name": cite, "near": list(self.workflow.sources)}  # fmt: skip

    def _steps(self, letter: _LetterFile) -> list[str]:
        """The steps that a letter may belong to."""
        known = [
            self.workflow.outcomes[code] for code in letter.outcomes if code in self.workflow.outcomes
        ]
        return letter.after or [name for outcome in known for name in outcome.recorded_by]

    def _records(self, path: Path_, letter: _LetterFile) -> Iterator[Fault]:
        """A fact of the letter's step is one that the step records."""
        acts = [act for name in self._steps(letter) if (act := self.workflow.act(name))]
        for group in ("needs", "expects", "takes"):
            for index, name in enumerate(getattr(letter, group)):
                fact = self.file.facts.get(name)
                origin, _, key = fact.from_.partition(".") if fact else ("", "", "")
                known = key in _ENTRY or any(key in act.facts for act in acts)
                if origin == Origin.ENTRY and not known:
                    yield "fact_not_recorded", (*path, group, index), {
                        "name": name, "key": key, "steps": [act.name for act in acts]}  # fmt: skip

    def _outcomes(self) -> Iterator[Fault]:
        """Each outcome has the one letter that tells of it; others are written only on request."""
        told: dict[str, str] = {}
        for name, letter in self.file.letters.items():
            if letter.on_request:
                continue
            for index, code in enumerate(letter.outcomes):
                if code in told:
                    yield "two_letters", ("letters", name, "outcomes", index), {
                        "outcome": code, "other": told[code]}  # fmt: skip
                told.setdefault(code, name)
        for code in self.workflow.outcomes:
            if code not in told:
                yield "outcome_without_letter", ("letters",), {"outcome": code}


def _kind(code: str, file: _LetterFile, common: _CommonFile, workflow: Workflow) -> NoticeKind:
    bases: list[Basis | None] = [basis_of(cite, workflow.sources) for cite in file.basis]
    own = ["applicant"] if file.addressee is Addressee.APPLICANT else []
    needs = dict.fromkeys([*common.needs, *own, *file.needs])
    takes = dict.fromkeys([*common.takes, *file.takes])
    return NoticeKind(
        code=code,
        words=file.words,
        title=file.title,
        called=file.called,
        template=file.template,
        addressee=file.addressee,
        series=file.series,
        after=tuple(file.after),
        outcomes=tuple(file.outcomes),
        basis=tuple(basis for basis in bases if basis),
        remedy=file.remedy,
        on_request=file.on_request,
        needs=tuple(needs),
        expects=tuple(name for name in dict.fromkeys(file.expects) if name not in needs),
        takes=tuple(name for name in takes if name not in needs and name not in file.expects),
    )


def _notice_fact(name: str, file: _FactFile) -> NoticeFact:
    origin, _, key = file.from_.partition(".")
    if origin in list(Origin):
        return NoticeFact(name, file.words, Origin(origin), key, file.form, default=file.default or "")
    return NoticeFact(name, file.words, Origin.STEP, key, file.form, origin)


def notice_folders(folder: Path | None = None) -> tuple[Path, ...]:
    """Where letters come from, the office's own folder before the shipped one."""
    return (*([folder] if folder else []), shipped("notices"))


def load_notice_catalogue(workflow: Workflow, folders: Sequence[Path]) -> NoticeCatalogue:
    """The catalogue of the first folder that has one.

    Raises:
        NotFound: no folder has one.
        FoundProblems: everything that is wrong with it, each fault with file, line and column.
    """
    own = [folder / CATALOGUE for folder in folders if (folder / CATALOGUE).is_file()]
    document = read_yaml(own[0] if own else folders[-1] / CATALOGUE)
    file = parse(document, NoticesFile)
    findings = [
        Finding(code, document.place(at), facts)
        for code, at, facts in _Check(file, workflow, folders).faults()
    ]
    if findings:
        raise FoundProblems("definition_broken", findings, file=document.file)
    facts = {name: _notice_fact(name, fact) for name, fact in file.facts.items()}
    return NoticeCatalogue(
        kinds={code: _kind(code, x, file.common, workflow) for code, x in file.letters.items()},
        facts=facts,
        common=frozenset({*file.common.needs, *file.common.takes, "applicant"}),
        series={n: Series(n, s.words, s.pattern) for n, s in file.series.items()},
    )
