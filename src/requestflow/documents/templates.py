"""Templates of letters: read, held to the little that they may do, and rendered into paragraphs.

A template is an office's text: it asks (`if`), repeats the lines of a fact (`for`), takes in a part
(`include`) and names facts; nothing else. Whatever else the template language can do is refused before
anything of it runs, and it runs in a sandbox all the same. Facts are texts and lists of texts. What a
fact says is printed as text: neither the template language nor a line's mark is read out of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateError, TemplateSyntaxError
from jinja2.exceptions import TemplateNotFound
from jinja2.nodes import Const, For, Getattr, Include, Name, Node

from requestflow.documents import sandbox
from requestflow.documents.letter import Block, Letter, Role
from requestflow.domain.facts import near
from requestflow.domain.notice_kinds import NoticeCatalogue, NoticeKind
from requestflow.domain.notices import REMEDY_FACTS, REMEDY_NAMES, LetterFacts, is_list
from requestflow.domain.signs import IN_A_LINE
from requestflow.domain.worked_facts import Value
from requestflow.errors import Finding, FoundProblems

# The marks that begin a line, and the role that they give it. A line without one is a paragraph.
MARKS: Mapping[str, Role] = {
    "标题": Role.TITLE,
    "文号": Role.NUMBER,
    "主送": Role.ADDRESSEE,
    "小标题": Role.HEADING,
    "项": Role.ITEM,
    "署名": Role.SIGNATURE,
    "日期": Role.DATE,
    "附注": Role.NOTE,
}
FILTERS = ("join", "first", "last", "length", "trim")
PARTS = "parts"
_ALLOWED: tuple[type[Node], ...] = (*sandbox.PLAIN, Include)
_LOOP = ("index", "first", "last")  # what a template may ask of the line it is at
_FILE = re.compile(r"(parts/)?[a-z][a-z0-9_]*\.j2")
_MARK = re.compile(r"\[(\w+)\] *")
_DATA = "\x02"  # stands before every fact in the rendered text, and in no fact
_BLANK = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_LONGEST_FILE = 200_000
_MOST_PARTS = 200  # that one letter takes in, parts of parts included
_LONGEST_LETTER = 1_000_000  # signs


def _as_text(value: object) -> str:
    """A fact as it goes into the rendered text: one line, without signs that steer, marked as a fact."""
    return _DATA + IN_A_LINE.sub("", _BLANK.sub(" ", str(value)))


class _Shelf(BaseLoader):
    """Templates and parts by name, from the first folder that has them, and from nowhere else."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders

    def path(self, name: str) -> Path | None:
        """Where a template lies; None for a name that is none, or that leads out of the folders."""
        if not _FILE.fullmatch(name):
            return None
        for folder in self.folders:
            path = folder / name
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        return None

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The text of a template.

        Raises:
            TemplateNotFound: there is none, or it is no text.
        """
        del environment
        path = self.path(template)
        try:
            if path is None or path.stat().st_size > _LONGEST_FILE:
                raise TemplateNotFound(template)
            return path.read_text(encoding="utf-8-sig"), str(path), lambda: True
        except (OSError, UnicodeDecodeError):
            raise TemplateNotFound(template) from None


@dataclass(slots=True)
class Reading:
    """What reading a template found: its faults, the facts it names, the files; its parts included."""

    findings: list[Finding] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    parts: int = 0  # taken in, each as often as it is


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in a template a node stands: its file, what is around it, the names that hold there."""

    file: str
    around: tuple[str, ...]
    known: Mapping[str, bool]  # facts by name, and whether they are lists
    local: frozenset[str] = frozenset()
    taken_in: str = ""  # the place that takes this file in

    def place(self, node: Node) -> str:
        """`file:line` of a node."""
        return f"{self.file}:{node.lineno}"


class Templates:
    """The templates of an office: its own files win over the shipped ones of the same name."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._shelf = _Shelf(folders)
        self._environment = sandbox.environment(FILTERS, loader=self._shelf, finalize=_as_text)
        self._read: dict[NoticeKind, Reading] = {}

    def read(self, kind: NoticeKind, catalogue: NoticeCatalogue) -> Reading:
        """Reads the template of a kind, with its parts, and holds it to what it may do and name."""
        if kind in self._read:
            return self._read[kind]
        names = (*kind.names, *REMEDY_FACTS)
        known = {name: is_list(catalogue.facts[name]) for name in names}
        known |= dict.fromkeys(REMEDY_NAMES, False)
        reading = Reading()
        self._file(_Scope(kind.template, (), known), reading)
        self._read[kind] = reading
        return reading

    def _file(self, scope: _Scope, reading: Reading) -> None:
        name = scope.file
        reading.files.add(name)
        try:
            source, _path, _current = self._shelf.get_source(self._environment, name)
            if IN_A_LINE.search(_BLANK.sub("", source)):
                reading.findings.append(Finding("file_not_text", name))
            tree = self._environment.parse(source, name)
        except TemplateNotFound:
            reading.findings.append(Finding("template_missing", scope.taken_in or name, {"name": name}))
        except TemplateSyntaxError as error:
            facts = {"problem": str(error.message)[:200]}
            reading.findings.append(Finding("template_broken", f"{name}:{error.lineno}", facts))
        except RecursionError:
            reading.findings.append(Finding("too_deep", name))
        else:
            reading.findings += _marks(source, name)
            self._node(tree, scope, reading)

    def _node(self, node: Node, scope: _Scope, reading: Reading) -> None:
        refused = _refused(node, scope)
        if refused is not None:
            reading.findings.append(refused)
            return
        if isinstance(node, Include):
            self._part(node, scope, reading)
            return
        if isinstance(node, Name) and node.ctx == "load" and node.name not in scope.local:
            reading.names.add(node.name)
            reading.findings += _unknown(node, scope)
        inner = scope
        if isinstance(node, For) and isinstance(node.target, Name):
            self._node(node.iter, scope, reading)
            inner = replace(scope, local=scope.local | {node.target.name, "loop"})
        for child in node.iter_child_nodes():
            self._node(child, inner, reading)

    def _part(self, node: Include, scope: _Scope, reading: Reading) -> None:
        """A part that a template takes in: a file of `parts/`, never one that it stands in itself."""
        name = node.template.value if isinstance(node.template, Const) else None
        if not isinstance(name, str) or not name.startswith(f"{PARTS}/"):
            reading.findings.append(Finding("template_forbids", scope.place(node), {"what": "include"}))
        elif name in (*scope.around, scope.file):
            reading.findings.append(Finding("template_in_itself", scope.place(node), {"name": name}))
        elif reading.parts >= _MOST_PARTS:
            if reading.parts == _MOST_PARTS:  # said once
                facts = {"most": _MOST_PARTS}
                reading.findings.append(Finding("template_takes_too_many", scope.place(node), facts))
            reading.parts = _MOST_PARTS + 1
        else:
            reading.parts += 1
            around = (*scope.around, scope.file)
            part = _Scope(name, around, scope.known, scope.local, scope.place(node))
            self._file(part, reading)

    def render(
        self, kind: NoticeKind, facts: LetterFacts, catalogue: NoticeCatalogue, *, draft: bool
    ) -> Letter:
        """The letter of that kind with these facts.

        Args:
            kind: names the template.
            facts: what it is given; a draft shows what is missing as 〔缺：…〕.
            catalogue: what there is to name.
            draft: whether facts may be missing.

        Raises:
            FoundProblems: `letter_broken`: every fault of the template, each with file and line.
            ValueError: a fact is missing and this is no draft.
        """
        if facts.gaps and not draft:
            raise ValueError([gap.fact.name for gap in facts.gaps])
        reading = self.read(kind, catalogue)
        if reading.findings:
            raise FoundProblems("letter_broken", reading.findings, file=kind.template)
        try:
            template = self._environment.get_template(kind.template)
            text = _whole(template.generate(_given(kind, facts, draft=draft)), kind)
        except (TemplateError, TypeError, ValueError, RecursionError) as error:
            finding = Finding("template_broken", _place_of(error, kind), {"problem": str(error)[:200]})
            raise FoundProblems("letter_broken", [finding], file=kind.template) from None
        return Letter(kind.code, tuple(_blocks(text)), tuple(gap.fact.name for gap in facts.gaps))


def _whole(pieces: Iterable[str], kind: NoticeKind) -> str:
    """The rendered text, as long as it is one that somebody could read.

    Raises:
        FoundProblems: `letter_too_long`.
    """
    text, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > _LONGEST_LETTER:
            finding = Finding("letter_too_long", kind.template, {"most": _LONGEST_LETTER})
            raise FoundProblems("letter_broken", [finding], file=kind.template)
        text.append(piece)
    return "".join(text)


def _place_of(error: Exception, kind: NoticeKind) -> str:
    """`file:line` of the innermost line of a template that failed."""
    found = sandbox.failed_at(error)
    if found is None:
        return kind.template
    path = Path(found[0])
    folder = f"{PARTS}/" if path.parent.name == PARTS else ""
    return f"{folder}{path.name}:{found[1]}"


def _given(kind: NoticeKind, facts: LetterFacts, *, draft: bool) -> dict[str, Value]:
    """The facts of a letter, in a draft with a visible sign for each one that is missing."""
    values = dict(facts.values)
    for gap in facts.gaps:
        sign = f"〔缺：{gap.fact.words.zh}〕"
        values[gap.fact.name] = [sign] if is_list(gap.fact) else sign
    if draft and kind.series and not values.get("number"):
        values["number"] = "〔文号待编〕"
    return values


def _refused(node: Node, scope: _Scope) -> Finding | None:
    """What a template may not do: all but asking, repeating, including and naming."""
    what = sandbox.beyond(node, _ALLOWED, FILTERS)
    if what is None and isinstance(node, Getattr) and not _of_loop(node, scope):
        what = f".{node.attr}"
    elif what is None and isinstance(node, For) and not _repeats_a_fact(node, scope):
        what = "for"
    return Finding("template_forbids", scope.place(node), {"what": what}) if what else None


def _of_loop(node: Getattr, scope: _Scope) -> bool:
    known = isinstance(node.node, Name) and node.node.name == "loop"
    return known and "loop" in scope.local and node.attr in _LOOP


def _repeats_a_fact(node: For, scope: _Scope) -> bool:
    """A loop runs over the lines of one fact, and stands in no other loop: so it ends, and soon."""
    over = node.iter
    plain = isinstance(node.target, Name) and not node.recursive and node.test is None
    lines = isinstance(over, Name) and scope.known.get(over.name, False)
    return plain and lines and not scope.local


def _unknown(node: Name, scope: _Scope) -> Iterator[Finding]:
    if node.name not in scope.known:
        facts = {"name": node.name, "near": near(node.name, scope.known)}
        yield Finding("template_unknown_name", scope.place(node), facts)


def _marks(source: str, file: str) -> Iterator[Finding]:
    """A line that begins with a mark that there is not."""
    for number, line in enumerate(source.split("\n"), 1):
        found = _MARK.match(line.strip())
        if found and found[1] not in MARKS:
            facts = {"name": found[1], "known": list(MARKS)}
            yield Finding("template_unknown_mark", f"{file}:{number}", facts)


def _blocks(text: str) -> Iterator[Block]:
    """The paragraphs of a rendered text: a line each, its role by the mark that it begins with."""
    for raw in text.split("\n"):
        line = raw.strip(" \t\r\u3000")
        found = _MARK.match(line)
        role = MARKS.get(found[1], Role.PARAGRAPH) if found else Role.PARAGRAPH
        words = line[found.end() :] if found and found[1] in MARKS else line
        shown = words.replace(_DATA, "").strip()
        if shown:
            yield Block(role, shown)
