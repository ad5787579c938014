"""`notices check`: every template rendered against cases made up from the rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from requestflow.definitions.notice_catalogue import CATALOGUE
from requestflow.documents.letter import Letter, Role
from requestflow.documents.letter_docx import Look, letter_docx
from requestflow.documents.templates import PARTS, Reading, Templates
from requestflow.domain.notice_kinds import ORGAN_KEYS, NoticeKind
from requestflow.domain.notices import letter_facts, place_of
from requestflow.domain.worked_facts import Setting
from requestflow.errors import Finding, FoundProblems, RequestflowError
from requestflow.services.letter_prints import MASTER
from requestflow.services.office import RuleBook
from requestflow.services.sample_cases import Sample, samples

# what a whole letter never shows: gaps, values of the program, marks and language left over, empty words
_LEFT_OVER = re.compile(
    r"〔缺|〔文号待编|None|\{\{|\{%|\}\}|%\}|\[\w+\]|“”|（）|：。|，，|。。|、、|^[，。：；）]"
)


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """A kind of letter, and whether its template is the office's own."""

    kind: NoticeKind
    own: bool


@dataclass(slots=True)
class LetterCheck:
    """What `notices check` found."""

    letters: list[CheckedLetter] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every letter can be written."""
        return not self.problems


def _setting(book: RuleBook, sample: Sample) -> Setting:
    """A sample's setting: a complete one has every particular of the office, a minimal one its name."""
    known = ORGAN_KEYS if sample.complete else ("name",)
    return Setting(
        rules=book.rules,
        catalogue=book.letters,
        organ={key: f"（{key}）" for key in known},
        on=sample.on,
        number="某公开〔2026〕1号" if sample.complete else None,
        provisional=True,
    )


def render_sample(book: RuleBook, templates: Templates, kind: NoticeKind, sample: Sample) -> Letter:
    """A kind's letter for a made-up case.

    Raises:
        FoundProblems: its template fails.
        LookupError: the made-up case has no such letter.
    """
    where = place_of(sample.case, kind, book.rules)
    if where is None:
        raise LookupError(kind.code)
    facts = letter_facts(where, sample.case, _setting(book, sample))
    return templates.render(kind, facts, book.letters, draft=bool(facts.gaps))


def _flaws(kind: NoticeKind, letter: Letter, sample: Sample) -> Iterator[Finding]:
    """What a rendered letter shows that no letter may show."""
    titles = [block for block in letter.blocks if block.role is Role.TITLE]
    if len(titles) != 1:
        yield Finding("letter_has_no_title", kind.template, {"notice": kind.words})
    if not sample.complete:
        return
    for block in letter.blocks:
        if _LEFT_OVER.search(block.text):
            facts = {"notice": kind.words, "text": block.text[:80]}
            yield Finding("letter_has_gaps", kind.template, facts)


def _tried(book: RuleBook, templates: Templates, kind: NoticeKind) -> Iterator[Finding]:
    for sample in samples(kind, book.letters, book.rules):
        try:
            yield from _flaws(kind, render_sample(book, templates, kind, sample), sample)
        except FoundProblems as error:
            yield from error.findings
            return
        except LookupError:
            yield Finding("letter_never_written", CATALOGUE, {"notice": kind.words})


def _unused(book: RuleBook, kind: NoticeKind, reading: Reading) -> Iterator[Finding]:
    """Facts that the catalogue demands for a letter whose template does not use them."""
    for name in kind.names:
        if name not in reading.names and name not in book.letters.common:
            facts = {"notice": kind.words, "name": name}
            yield Finding("template_unused_fact", kind.template, facts, warning=name not in kind.needs)


def _useless(own: Path, used: set[str], known: list[str]) -> Iterator[Finding]:
    """Files of the office's folder that replace nothing, since no letter takes them in."""
    for path in sorted([*own.glob("*.j2"), *own.glob(f"{PARTS}/*")]):
        name = path.relative_to(own).as_posix()
        if name not in used:
            yield Finding("template_used_by_none", name, {"known": known})


def _master(own: Path) -> Iterator[Finding]:
    """What is wrong with the office's own Word master, where it has one; with a red head and without."""
    from requestflow.documents.letter_master import specimen

    path = own / MASTER
    if not path.exists():
        return
    letter = Letter("specimen", specimen())
    for organ, red_head in (("某局", False), ("某局", True), ("某某管理委员会办公室某某局", True)):
        try:
            letter_docx(letter, Look(path, organ, red_head=red_head, draft=True))
        except RequestflowError as refusal:
            yield Finding(refusal.code, MASTER.as_posix(), refusal.facts)


def check_letters(book: RuleBook) -> LetterCheck:
    """Reads every template and renders it against every made-up case; the office's own Word master too.

    Raises:
        FoundProblems: the catalogue itself has faults.
    """
    folders = book.notice_folders
    templates = Templates(folders)
    found = LetterCheck()
    findings: list[Finding] = []
    used: set[str] = set()
    for kind in book.letters.kinds.values():
        reading = templates.read(kind, book.letters)
        used |= reading.files
        own = len(folders) > 1 and (folders[0] / kind.template).is_file()
        found.letters.append(CheckedLetter(kind, own))
        findings += reading.findings or [*_unused(book, kind, reading), *_tried(book, templates, kind)]
    if len(folders) > 1:
        shipped = sorted(path.relative_to(folders[-1]).as_posix() for path in folders[-1].rglob("*.j2"))
        findings += [*_useless(folders[0], used, shipped), *_master(folders[0])]
    for finding in _each_once(findings):
        (found.warnings if finding.warning else found.problems).append(finding)
    return found


def _each_once(findings: list[Finding]) -> Iterator[Finding]:
    """Findings without repetitions: a part has its faults once, however many letters take it in."""
    seen: set[str] = set()
    for finding in findings:
        key = f"{finding.code} {finding.where} {finding.facts}"
        if key not in seen:
            yield finding
        seen.add(key)
