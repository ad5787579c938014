"""Web pages as grids: government pages are mostly Word's own export, with all that comes with it."""

import re
from collections.abc import Iterator
from typing import Any

from requestflow.domain.signs import IN_A_PAGE, one_line
from requestflow.exchange.grids import WIDEST, Cell, Grid, Paper, sized

_SILENT = frozenset({"script", "style", "noscript", "template", "head"})
_BREAKING = frozenset(
    {"p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "table", "title"}
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LONGEST_LINE = 400
_MOST_LINES = 2_000


def decoded(data: bytes) -> str:
    """The text of a page, whatever it declares: the bytes decide, then the declaration.

    Text in Chinese that is UTF-8 throughout is UTF-8; else GB 18030 (which holds GB 2312 and GBK); only
    where neither fits is the declaration believed.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    declared = _DECLARED.search(data[:4096])
    names = ["utf-8", "gb18030", *([declared[1].decode("ascii")] if declared else [])]
    texts = [text for name in names if (text := _forced(data, name)) is not None]
    return min(texts, key=lambda text: text.count("\ufffd"))


def _forced(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return None


def _tree(text: str) -> Any:
    from lxml import etree

    # A line break in the source is a blank: only the end of a block ends a line.
    clean = IN_A_PAGE.sub("", text).replace("\r", " ").replace("\n", " ")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    found = etree.fromstring(clean.encode("utf-8", "replace") or b"<p/>", parser)
    return etree.fromstring(b"<p/>", parser) if found is None else found


def _gather(element: Any, pieces: list[str], *, tables: bool) -> None:
    """Texts inside an element in order; a block ends its line; nested tables only where wanted."""
    if element.tag in _SILENT:
        return
    if element.text:
        pieces.append(element.text)
    for child in element:
        breaks = child.tag in _BREAKING
        if breaks:
            pieces.append("\n")
        if tables or child.tag != "table":
            _gather(child, pieces, tables=tables)
        if breaks:
            pieces.append("\n")
        if child.tail:
            pieces.append(child.tail)


def _text(element: Any) -> str:
    pieces: list[str] = []
    _gather(element, pieces, tables=False)
    return one_line("".join(pieces))


def _own_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, those of tables inside its cells left to themselves."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot", "form", "center"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Any, name: str, most: int) -> int:
    stated = cell.get(name)
    if stated is None:
        return 1
    found = re.match(r"\s*\d{1,6}", stated)
    return max(1, min(int(found[0]), most)) if found else 1


class _Layout:
    """Cells put where a browser puts them: merged ones reach across and down."""

    def __init__(self, height: int) -> None:
        self.rows: list[dict[int, Cell]] = [{} for _ in range(height)]

    def put(self, number: int, text: str, across: int, down: int) -> None:
        row = self.rows[number]
        column = next(place for place in range(len(row) + 1) if place not in row)
        for below in range(number, min(number + down, len(self.rows))):
            for beside in range(column, column + across):
                self.rows[below].setdefault(beside, None)
        row[column] = text

    def cells(self) -> list[list[Cell]]:
        return [self._row(row) for row in self.rows]

    def _row(self, row: dict[int, Cell]) -> list[Cell]:
        # A cell that is missing leaves its row short; between two merged ones it counts as covered.
        return [row.get(place) for place in range(max(row, default=-1) + 1)]


def _grid(table: Any, file: str, place: str) -> Grid:
    rows = list(_own_rows(table))
    layout = _Layout(len(rows))
    for number, row in enumerate(rows):
        for cell in row:
            if cell.tag in ("td", "th"):
                down = _span(cell, "rowspan", len(rows))
                layout.put(number, _text(cell), _span(cell, "colspan", WIDEST), down)
    return Grid(place, sized(file, layout.cells()))


def _lines(root: Any) -> list[str]:
    """The title, then every line of the body, those inside tables too: titles often stand there."""
    titles = [one_line("".join(title.itertext())) for title in root.iter("title")]
    pieces: list[str] = []
    body = root.find("body")
    _gather(root if body is None else body, pieces, tables=True)
    lines = (one_line(line) for line in "".join(pieces).split("\n"))
    kept = [line for line in lines if line and len(line) <= _LONGEST_LINE]
    return [*titles, *kept[:_MOST_LINES]]


def read_page(file: str, data: bytes) -> Paper:
    """A web page's lines and tables, nested tables each by itself.

    Nothing outside the file is fetched, and nothing in it is run.
    """
    root = _tree(decoded(data))
    tables = list(root.iter("table"))
    grids = [_grid(table, file, f"table {number}") for number, table in enumerate(tables, 1)]
    return Paper(tuple(_lines(root)), tuple(grids))
