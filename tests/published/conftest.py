"""Published tables, and registers made from them: as many rows as the figures say."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

DATA = Path(__file__).parent / "data"
HEADS = ["申请编号", "收到日期", "申请人", "申请人类型", "内容描述", "办理结果", "答复日期"]
NEW, CARRIED_IN, CONCLUDED, CARRIED_OUT = "new", "carried_in", "concluded", "carried_out"
KINDS = {
    "natural_person": "自然人",
    "enterprise": "商业企业",
    "research_institution": "科研机构",
    "public_welfare": "社会公益组织",
    "legal_service": "法律服务机构",
    "other_organization": "其他",
}


@dataclass(frozen=True)
class Published:
    """A published table: its figures by row and kind, a figure that is not stated counting as none."""

    name: str
    document: dict[str, Any]
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return int(self.document["year"])

    @property
    def form(self) -> str:
        return str(self.document["form"])

    @property
    def results(self) -> list[str]:
        rows = list(self.document["rows"])
        return rows[rows.index(CARRIED_IN) + 1 : rows.index(CONCLUDED)]

    def figure(self, row: str, kind: str) -> int:
        place = self.document["columns"].index(kind)
        return int(self.document["rows"][row][place] or 0)

    def cells(self, row: str) -> list[int]:
        """A row with its total; a total that is not stated is the sum of what is."""
        figures = [self.figure(row, kind) for kind in KINDS]
        total = self.document["rows"][row][-1]
        return [*figures, sum(figures) if total is None else int(total)]


@dataclass(frozen=True)
class Row:
    """A row of a register."""

    received: date
    kind: str
    outcome: str = ""
    decided: date | None = None


def _spread(first: date, days: int, count: int) -> Iterator[date]:
    for place in range(count):
        yield first + timedelta(days=place * days // max(count, 1))


def rows_of(table: Published, *, carried_in: bool = True) -> Iterator[Row]:
    """A register with a table's figures: what was carried in is answered first, the rest in order."""
    year = table.year
    for kind in KINDS:
        outcomes = [row for row in table.results for _ in range(table.figure(row, kind))]
        waiting = [date(year - 1, 12, 20)] * (table.figure(CARRIED_IN, kind))
        received = [*waiting, *_spread(date(year, 1, 4), 300, table.figure(NEW, kind))]
        for place, day in enumerate(received):
            if day.year < year and not carried_in:
                continue
            if place >= len(outcomes):
                yield Row(day, kind)
                continue
            decided = max(day, date(year, 1, 4)) + timedelta(days=14)
            yield Row(day, kind, outcomes[place], decided)


def _shown(row: Row, outcome: Callable[[str], str]) -> list[object]:
    return [None, row.received, "申请人甲", KINDS[row.kind], "预算执行情况",
            outcome(row.outcome) if row.outcome else None, row.decided]  # fmt: skip


def _write_csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])


def _write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> None:
    book = openpyxl.Workbook()
    for row in (HEADS, *rows):
        book.active.append(list(row))
    book.save(path)


@pytest.fixture
def published(forms: Any) -> Callable[[str], Published]:
    """A published table by the name of its file, with the printed labels of its form."""

    def read(name: str) -> Published:
        document = json.loads((DATA / f"{name}.json").read_text("utf-8"))
        labels = {row.code: row.label for row in forms[document["form"]].rows}
        return Published(name, document, labels)

    return read


@pytest.fixture
def register_of(tmp_path: Path) -> Callable[..., Path]:
    """The register of a table as a file: CSV or XLSX, results as printed labels or as codes."""

    def write(
        table: Published, suffix: str = "csv", *, labels: bool = True, carried_in: bool = True
    ) -> Path:
        path = tmp_path / f"{table.name}.{suffix}"
        rows = sorted(rows_of(table, carried_in=carried_in), key=lambda row: row.received)
        shown = [_shown(row, table.labels.__getitem__ if labels else str) for row in rows]
        (_write_csv if suffix == "csv" else _write_xlsx)(path, shown)
        return path

    return write
