"""Annual tables as JSON documents: ours, and those typed from published reports."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from requestflow.domain.forms import Form
from requestflow.domain.identities import Identity
from requestflow.domain.tables import AnnualTable, Figure
from requestflow.errors import Finding, FoundProblems, NotFound, Refused

_MOST = 64 * 1024 * 1024


def table_document(
    table: AnnualTable, identities: list[Identity], extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The JSON document of a table, `rows` in the form's order, `extra` behind it."""
    return {
        "office": table.office,
        "year": table.year,
        "form": table.form.code,
        "as_of": table.as_of.isoformat() if table.as_of else None,
        "status": table.status,
        "columns": [column.code for column in table.form.columns],
        "rows": {code: list(figures) for code, figures in table.rows.items()},
        "table4": None
        if table.table4 is None
        else {block: list(figures) for block, figures in table.table4.items()},
        "identities": [identity_document(identity) for identity in identities],
        **(extra or {}),
    }


def identity_document(identity: Identity) -> dict[str, Any]:
    """One identity as JSON; `row` only where it names one."""
    found: dict[str, Any] = {
        "name": identity.name,
        "column": identity.column,
        "holds": identity.holds,
        "left": identity.left,
        "right": identity.right,
    }
    return found if identity.row is None else {**found, "row": identity.row}


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST:
            raise Refused("file_too_large", file=path.name)
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise NotFound("file_missing", file=str(path)) from None
    except OSError as error:
        raise Refused("file_unreadable", file=path.name, reason=error.strerror) from None
    except UnicodeDecodeError:
        finding = Finding("file_not_text", path.name)
    except json.JSONDecodeError as error:
        where = f"{path.name}:{error.lineno}:{error.colno}"
        finding = Finding("not_json", where, {"problem": error.msg})
    except (RecursionError, ValueError):  # nesting or a number beyond all sense
        finding = Finding("not_json", path.name, {"problem": "…"})
    raise FoundProblems("table_broken", [finding], file=path.name)


def _figure(value: Any) -> bool:
    return value is None or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    )


class _Reading:
    """One document on its way to a table: what is wrong with it is gathered, not raised."""

    def __init__(self, path: Path, value: Any) -> None:
        self.file = path.name
        self.value: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self.findings: list[Finding] = []
        if not isinstance(value, dict):
            self.fault("table_not_an_object", "")

    def fault(self, code: str, where: str, **facts: Any) -> None:
        self.findings.append(Finding(code, f"{self.file}:{where}" if where else self.file, facts))

    def rows(
        self, name: str, values: Any, codes: tuple[str, ...], width: int
    ) -> dict[str, tuple[Figure, ...]]:
        """Rows of figures: every code there, none other, each of the right length."""
        if not isinstance(values, dict):
            self.fault("table_lacks", name, key=name)
            return {}
        for code in values:
            if code not in codes:
                self.fault("table_row_unknown", f"{name}.{code}", row=code, near=list(codes))
        found: dict[str, tuple[Figure, ...]] = {}
        for code in codes:
            figures = values.get(code)
            if not isinstance(figures, list) or len(figures) != width:
                self.fault("table_row_wrong", f"{name}.{code}", row=code, width=width)
            elif not all(_figure(figure) for figure in figures):
                self.fault("table_figure_wrong", f"{name}.{code}", row=code)
            else:
                found[code] = tuple(figures)
        return found


def _form(reading: _Reading, forms: Mapping[str, Form]) -> Form | None:
    code = reading.value.get("form")
    form = forms.get(str(code))
    if form is None:
        reading.fault("unknown_form", "form", form=str(code), known=list(forms))
    return form


def _year(reading: _Reading) -> int:
    year = reading.value.get("year")
    if isinstance(year, int) and not isinstance(year, bool):
        return year
    reading.fault("table_lacks", "year", key="year")
    return 0


def _as_of(reading: _Reading) -> date | None:
    text = reading.value.get("as_of")
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        reading.fault("not_a_day", "as_of", text=text)
        return None


def read_table(path: Path, forms: Mapping[str, Form]) -> AnnualTable:
    """An annual table from its JSON document; a `null` figure is one that is not stated.

    Raises:
        NotFound, Refused: the file is missing or cannot be read.
        FoundProblems: everything that keeps it from being a table of a known form.
    """
    reading = _Reading(path, _read(path))
    form = _form(reading, forms)
    year, as_of = _year(reading), _as_of(reading)
    if form is None:
        raise FoundProblems("table_broken", reading.findings, file=path.name)
    columns = reading.value.get("columns")
    if columns is not None and columns != [column.code for column in form.columns]:
        reading.fault("table_columns_wrong", "columns", form=form.code)
    rows = reading.rows("rows", reading.value.get("rows"), tuple(form.codes()), len(form.columns))
    blocks = reading.value.get("table4")
    table4 = blocks and reading.rows("table4", blocks, tuple(form.blocks), len(form.figures))
    if reading.findings:
        raise FoundProblems("table_broken", reading.findings, file=path.name)
    office = reading.value.get("office", reading.value.get("organ", ""))
    status = reading.value.get("status", "draft")
    return AnnualTable(str(office), year, form, rows, table4 or None, as_of, str(status))
