"""Annual tables as JSON documents: ours, and those typed from published reports."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from requestflow.domain.forms import Form, RowKind
from requestflow.domain.identities import Identity
from requestflow.domain.tables import AnnualTable, Figure, Source
from requestflow.errors import Finding, FoundProblems
from requestflow.files import file_bytes

MOST_BYTES = 64 * 1024 * 1024
_LEAST_TOO_LARGE = 10**9
_DEEPEST = 8  # province, city, county, township; and as many again


def table_document(
    table: AnnualTable, identities: list[Identity], extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The JSON document of a table, `rows` in the form's order, `extra` behind it, then its sources."""
    document: dict[str, Any] = {
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
        **_days(table),
        **(extra or {}),
    }
    if table.sources:
        document["sources"] = [source_document(source) for source in table.sources]
    return document


def _days(table: AnnualTable) -> dict[str, Any]:
    """The first and the last day that are counted."""
    days = table.period
    return {"from": days.first.isoformat(), "to": days.last.isoformat()} if days else {}


def _figures(table: AnnualTable) -> dict[str, Any]:
    """What a table states; its days where it is less than a whole year's."""
    blocks = table.table4
    days = _days(table) if table.in_part else {}
    return {
        "office": table.office,
        "year": table.year,
        "form": table.form.code,
        "rows": dict(table.rows),
        "table4": None if blocks is None else dict(blocks),
        **days,
    }


def table_digest(table: AnnualTable) -> str:
    """SHA-256 of what a table states: the same for the same figures, in whatever format they stood."""
    text = json.dumps(_figures(table), ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def source_document(source: Source) -> dict[str, Any]:
    """A subordinate table as it stands in an aggregate's document, with its own sources inside it."""
    form, rows = source.table.form, source.table.rows
    totals = {row.code: rows[row.code][-1] for row in form.rows if row.kind is not RowKind.RESULT}
    found = {"file": source.file, "digest": source.digest, "totals": totals, **_figures(source.table)}
    if source.table.sources:
        found["sources"] = [source_document(inner) for inner in source.table.sources]
    return found


def table_text(
    table: AnnualTable, identities: list[Identity], extra: Mapping[str, Any] | None = None
) -> str:
    """The JSON document of a table as text; of an aggregate, a source a line, however many there are."""
    document = table_document(table, identities, extra)
    sources = document.pop("sources", None)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if sources is None:
        return text
    lines = ",\n    ".join(json.dumps(source, ensure_ascii=False) for source in sources)
    return f'{text[:-2]},\n  "sources": [\n    {lines}\n  ]\n}}'


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


def _parsed(file: str, data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        finding = Finding("file_not_text", file)
    except json.JSONDecodeError as error:
        where = f"{file}:{error.lineno}:{error.colno}"
        finding = Finding("not_json", where, {"problem": error.msg})
    except (RecursionError, ValueError):  # nesting or a number beyond all sense
        finding = Finding("not_json", file, {"problem": "…"})
    raise FoundProblems("table_broken", [finding], file=file)


def _figure(value: Any) -> bool:
    # `type`, not `isinstance`: true and false are no figures
    return value is None or (type(value) is int and 0 <= value < _LEAST_TOO_LARGE)


class _Reading:
    """One document on its way to a table: what is wrong with it is gathered, not raised."""

    def __init__(self, file: str, value: Any) -> None:
        self.file = file
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
            elif not all(map(_figure, figures)):
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


def _day(reading: _Reading, key: str) -> date | None:
    text = reading.value.get(key)
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        reading.fault("not_a_day", key, text=text)
        return None


def _of_days(reading: _Reading, table: AnnualTable) -> AnnualTable:
    """The table with the days that its document states: `from`, and `as_of` or `to`."""
    first, last = _day(reading, "from"), _day(reading, "as_of") or _day(reading, "to")
    found = replace(table, first=first, as_of=last)
    if found.period is not None and found.period.first > found.period.last:
        days = {"first": found.period.first, "last": found.period.last}
        reading.fault("table_days_reversed", "from", **days)
        return table
    return found


def _source(place: str, value: Any, forms: Mapping[str, Form], depth: int, reading: _Reading) -> Source:
    """A subordinate table inside an aggregate: its figures are those that its digest was taken of."""
    own = _Reading(f"{reading.file}:{place}", value)
    table = _table(own, forms, depth + 1)
    name, digest = str(own.value.get("file", "")), str(own.value.get("digest", ""))
    if not own.findings and table.form.code != reading.value.get("form"):
        own.fault("source_other_form", "", office=table.office, form=str(reading.value.get("form")))
    if not own.findings and digest != table_digest(table):
        own.fault("source_changed", "", office=table.office)
    reading.findings += own.findings
    return Source(name, digest, table)


def _sources(reading: _Reading, forms: Mapping[str, Form], depth: int) -> tuple[Source, ...]:
    values = reading.value.get("sources")
    if values is None:
        return ()
    if not isinstance(values, list) or depth >= _DEEPEST:
        reading.fault("table_lacks", "sources", key="sources")
        return ()
    return tuple(
        _source(f"sources[{place}]", value, forms, depth, reading) for place, value in enumerate(values)
    )


def _table(reading: _Reading, forms: Mapping[str, Form], depth: int = 0) -> AnnualTable:
    form = _form(reading, forms)
    year = _year(reading)
    if form is None:
        raise FoundProblems("table_broken", reading.findings, file=reading.file)
    columns = reading.value.get("columns")
    if columns is not None and columns != [column.code for column in form.columns]:
        reading.fault("table_columns_wrong", "columns", form=form.code)
    rows = reading.rows("rows", reading.value.get("rows"), tuple(form.codes()), len(form.columns))
    blocks = reading.value.get("table4")
    table4 = blocks and reading.rows("table4", blocks, tuple(form.blocks), len(form.figures))
    office = reading.value.get("office", reading.value.get("organ", ""))
    status = reading.value.get("status", "draft")
    sources = _sources(reading, forms, depth)
    table = AnnualTable(str(office), year, form, rows, table4 or None, None, str(status), sources)
    return _of_days(reading, table)


def parse_table(file: str, data: bytes, forms: Mapping[str, Form]) -> AnnualTable:
    """An annual table from the bytes of its JSON document; a `null` figure is one that is not stated.

    Raises:
        FoundProblems: everything that keeps it from being a table of a known form, and an aggregate
            whose sources are not what their digests say.
    """
    reading = _Reading(file, _parsed(file, data))
    table = _table(reading, forms)
    if reading.findings:
        raise FoundProblems("table_broken", reading.findings, file=file)
    return table


def read_table(path: Path, forms: Mapping[str, Form]) -> AnnualTable:
    """An annual table from its JSON file.

    Raises:
        NotFound, Refused: the file is missing or cannot be read.
        FoundProblems: everything that keeps it from being a table of a known form.
    """
    return parse_table(path.name, file_bytes(path, MOST_BYTES), forms)
