"""Layouts of the annual tables from `workflows/forms/*.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.domain.forms import TOTAL, Column, Form, Row, RowKind
from requestflow.domain.workflow import Words
from requestflow.errors import Finding, FoundProblems, NotFound


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _ColumnFile(_Shape):
    code: str
    label: str
    en: str
    group: str = ""


class _RowFile(_Shape):
    code: str
    kind: RowKind
    label: str
    groups: list[str] = []


class _Table4File(_Shape):
    blocks: dict[str, str]
    figures: dict[Literal["upheld", "corrected", "other", "pending", "total"], str]


class FormFile(_Shape):
    """The shape of a form file."""

    form: str
    document: str
    years: Annotated[list[int], Field(min_length=2, max_length=2)]
    title: str
    note: str
    columns: Annotated[list[_ColumnFile], Field(min_length=2)]
    rows: Annotated[list[_RowFile], Field(min_length=5)]
    table4: _Table4File


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
    return findings


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
