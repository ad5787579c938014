"""A table is read to the same figures, whatever file it stands in and however that is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from requestflow.domain.tables import AnnualTable
from requestflow.exchange.table_readers import TableReader

KINDS = [
    "word page, gbk", "word page, utf-8 declared wrongly", "plain page", "plain page, gb18030",
    "page with a mark", "workbook", "document", "csv of a spreadsheet", "csv, gb18030", "report as text",
]  # fmt: skip
NAMES = [
    "2019_shanghai_shi_bangongting", "2020_pingtan", "2021_pingtan", "2022_pingtan", "2023_hongze_qu",
    "2023_jinhu_xian", "2023_shuyang_fagaiju",
]  # fmt: skip
Published = Callable[[str], AnnualTable]
Made = Callable[..., Path]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_published_table_is_read_to_its_figures(
    reader: TableReader, published: Published, made: Made, kind: str, name: str
) -> None:
    """Office, year, form and every figure come back; what is not stated stays so."""
    table = published(name)
    found = reader.read(made(table, kind)).table
    assert found is not None
    assert (found.form.code, found.year, found.office) == (table.form.code, table.year, table.office)
    assert found.rows == table.rows
    assert found.table4 == table.table4
