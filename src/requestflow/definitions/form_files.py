"""Layouts of the annual tables from `workflows/forms/*.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shapes import Shape
from requestflow.definitions.shipped import shipped
from requestflow.domain.forms import (
    TOTAL,
    Balance,
    Column,
    FigureKind,
    Form,
    PublicationColumn,
    PublicationForm,
    PublicationPart,
    Row,
    RowKind,
)
from requestflow.domain.workflow import Words
from requestflow.errors import Finding, FoundProblems, NotFound


class _ColumnFile(Shape):
    code: str
    label: str
    en: str
    group: str = ""


class _RowFile(Shape):
    code: str
    kind: RowKind
    label: str
    groups: list[str] = []


class _Table4File(Shape):
    title: str = ""
    blocks: dict[str, str]
    figures: dict[Literal["upheld", "corrected", "other", "pending", "total"], str]


class _PublicationColumnFile(Shape):
    code: str
    label: str
    kind: FigureKind = FigureKind.COUNT


class _PublicationRowFile(Shape):
    code: str
    label: str


class _BalanceFile(Shape):
    figure: str
    last_year: list[str]
    plus: list[str] = []
    minus: list[str] = []


class _PublicationPartFile(Shape):
    article: str
    head: str
    columns: Annotated[list[_PublicationColumnFile], Field(min_length=1)]
    rows: Annotated[list[_PublicationRowFile], Field(min_length=1)]
    balances: list[_BalanceFile] = []


class _Table2File(Shape):
    title: str
    parts: Annotated[list[_PublicationPartFile], Field(min_length=1)]


class FormFile(Shape):
    """The shape of a form file."""

    form: str
    document: str
    years: Annotated[list[int], Field(min_length=2, max_length=2)]
    title: str
    note: str
    applicants: str = ""
    columns: Annotated[list[_ColumnFile], Field(min_length=2)]
    rows: Annotated[list[_RowFile], Field(min_length=5)]
    table4: _Table4File
    table2: _Table2File | None = None


def _faults(document: Document, file: FormFile) -> list[Finding]:
    findings = []
    for group, codes in (
        ("rows", [row.code for row in file.rows]),
        ("columns", [column.code for column in file.columns]),
    ):
        for index, code in enumerate(codes):
            if code in codes[:index]:
                where = document.place((group, index))
                findings.append(Finding("doubled_code", where, {"code_name": code}))
    kinds = [row.kind for row in file.rows]
    for kind in RowKind:
        if kind is not RowKind.RESULT and kinds.count(kind) != 1:
            where = document.place(("rows",))
            findings.append(Finding("form_needs_one_row", where, {"kind": kind.value}))
    if file.columns[-1].code != TOTAL:
        findings.append(Finding("form_needs_total", document.place(("columns",)), {}))
    return [*findings, *_publication_faults(document, file)]


def _publication_faults(document: Document, file: FormFile) -> list[Finding]:
    """A row of table two that stands twice, a balance of a column that there is not."""
    findings: list[Finding] = []
    seen: set[str] = set()
    for number, part in enumerate(file.table2.parts if file.table2 else ()):
        for index, row in enumerate(part.rows):
            if row.code in seen:
                where = document.place(("table2", "parts", number, "rows", index))
                findings.append(Finding("doubled_code", where, {"code_name": row.code}))
            seen.add(row.code)
        columns = [column.code for column in part.columns]
        for index, balance in enumerate(part.balances):
            where = document.place(("table2", "parts", number, "balances", index))
            findings += [
                Finding("undeclared_column", where, {"name": name, "near": columns})
                for name in (balance.figure, *balance.last_year, *balance.plus, *balance.minus)
                if name not in columns
            ]
    return findings


def _publication(file: _Table2File | None) -> PublicationForm:
    if file is None:
        return PublicationForm()
    return PublicationForm(
        file.title,
        tuple(
            PublicationPart(
                article=part.article,
                head=part.head,
                columns=tuple(PublicationColumn(c.code, c.label, c.kind) for c in part.columns),
                rows={row.code: row.label for row in part.rows},
                balances=tuple(
                    Balance(b.figure, tuple(b.last_year), tuple(b.plus), tuple(b.minus))
                    for b in part.balances
                ),
            )
            for part in file.parts
        ),
    )


def load_form(path: Path) -> Form:
    """One layout from its file.

    Raises:
        NotFound: there is no such file.
        FoundProblems: wrong shape, a doubled row or column, a row of table three missing.
    """
    document = read_yaml(path)
    file = parse(document, FormFile)
    findings = _faults(document, file)
    if findings:
        raise FoundProblems("definition_broken", findings, file=path.name)
    return Form(
        code=file.form,
        title=file.title,
        note=file.note,
        document=file.document,
        first_year=file.years[0],
        last_year=file.years[1],
        columns=tuple(Column(c.code, c.label, Words(c.label, c.en), c.group) for c in file.columns),
        rows=tuple(Row(r.code, r.label, r.kind, tuple(r.groups)) for r in file.rows),
        blocks=file.table4.blocks,
        figures={str(name): label for name, label in file.table4.figures.items()},
        applicants=file.applicants,
        title4=file.table4.title,
        publication=_publication(file.table2),
    )


def find_form(code: str, beside: Path) -> Form:
    """The form of that code: from `forms/` beside a workflow file, else the shipped one.

    Raises:
        NotFound: `unknown_form`, naming the shipped ones.
    """
    name = f"{code}.yaml"
    folders = [beside / "forms", shipped("workflows") / "forms"]
    if code.isalnum():
        for folder in folders:
            if (folder / name).is_file():
                return load_form(folder / name)
    known = sorted(path.stem for path in folders[1].glob("*.yaml"))
    raise NotFound("unknown_form", form=code, known=known)
