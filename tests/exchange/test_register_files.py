"""Registers read from .csv, .xlsx and .jsonl, and the empty one written."""

import csv
import io
import json
import re
import struct
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requestflow.errors import FoundProblems, NotFound, Refused, WrongUsage
from requestflow.exchange.register_files import RegisterRow, read_register
from requestflow.exchange.register_heads import DATE_FIELDS, FIELDS, read_mapping
from requestflow.exchange.register_template import write_template

HEADS = "收到日期,申请人类型,申请人"
ROW = "2026-01-30,自然人,张三"
ID_NUMBER = "321302199001011234"
KINDS = ["自然人", "法人：科研机构"]
OUTCOMES = ["予以公开", "部分公开，" + "很长" * 200]
CHANNELS = ["网络", "信函"]

# --- makers --------------------------------------------------------------------------------------


def text_file(folder: Path, *lines: str, name: str = "r.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("".join(line + "\n" for line in lines).encode(encoding))
    return path


def raw_file(folder: Path, data: bytes, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def book_file(folder: Path, *rows: list, name: str = "r.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / name
    book.save(path)
    return path


def json_file(folder: Path, *objects: dict) -> Path:
    return text_file(folder, *(json.dumps(one, ensure_ascii=False) for one in objects), name="r.jsonl")


def values_of(path: Path, mapping: dict[str, str] | None = None) -> list[dict[str, str]]:
    rows, findings = read_register(path, mapping)
    assert findings == []
    return [dict(row.values) for row in rows]


def found(path: Path, mapping: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in read_register(path, mapping)[1]]


def only_finding(path: Path):
    (finding,) = read_register(path)[1]
    return finding


EXPECTED = {"received": "2026-01-30", "kind": "自然人", "name": "张三"}

# --- rows and places -----------------------------------------------------------------------------


def test_fields():
    """The fields stand in the order of the columns, and the days among them are known."""
    assert list(FIELDS)[:3] == ["number", "received", "submitted"]
    assert len(FIELDS) == 14
    assert {"received", "submitted", "decided", "extended_to"} == DATE_FIELDS


def test_place():
    """A row tells where it stands, and where each of its cells does."""
    row = RegisterRow("register.csv", 12, {}, {"name": "C"})
    assert row.place() == "register.csv:12"
    assert row.place("name") == "register.csv:12:C"
    assert row.place("note") == "register.csv:12"


def test_csv_row(tmp_path):
    """A row of a CSV file has its values, its line and its column letters."""
    (row,), findings = read_register(text_file(tmp_path, HEADS, ROW))
    assert (row.file, row.line, row.values) == ("r.csv", 2, EXPECTED)
    assert row.columns == {"received": "A", "kind": "B", "name": "C"}
    assert findings == []


def test_columns_after_z(tmp_path):
    """The column behind Z is AA, as spreadsheets have it."""
    heads = ["收到日期", "申请人类型", *[""] * 24, "申请人", "备注"]
    row = ["2026-01-30", "自然人", *[""] * 24, "张三", "x"]
    (only,), _ = read_register(text_file(tmp_path, ",".join(heads), ",".join(row)))
    assert only.place("name") == "r.csv:2:AA"
    assert only.place("note") == "r.csv:2:AB"


def test_lines_as_a_person_sees_them(tmp_path):
    """Blank lines and line breaks inside quotes count as lines; a row stands where it begins."""
    path = text_file(tmp_path, "", HEADS, "", '2026-01-30,自然人,"张\n三"', ROW, ",,", ROW)
    rows, findings = read_register(path)
    assert [row.line for row in rows] == [4, 6, 8]
    assert rows[0].values["name"] == "张\n三"
    assert findings == []


def test_xlsx_rows_as_a_person_sees_them(tmp_path):
    """Rows and columns of a sheet keep their numbers and letters, blank ones before them too."""
    head = ["", "收到日期", "申请人类型"]
    path = book_file(tmp_path, [], [], head, [], ["", "2026-01-30", "自然人"])
    (row,), findings = read_register(path)
    assert row.place("received") == "r.xlsx:5:B"
    assert findings == []


def test_jsonl_row(tmp_path):
    """A line of a .jsonl file has the object's keys for columns, and may hold null and numbers."""
    one = {"收到日期": "2026年1月30日", "kind": "自然人", "申请人": None, "contact": 13800138000}
    (row,), findings = read_register(json_file(tmp_path, one))
    assert row.values == {"received": "2026-01-30", "kind": "自然人", "contact": "13800138000"}
    assert row.place("received") == "r.jsonl:1:收到日期"
    assert row.place("kind") == "r.jsonl:1:kind"
    assert findings == []


def test_jsonl_keys_may_differ(tmp_path):
    """Each line may have its own keys in its own order."""
    first = {"received": "20260130", "kind": "自然人"}
    second = {"note": "x", "kind": "自然人", "received": 20260131}
    assert values_of(json_file(tmp_path, first, second)) == [
        {"received": "2026-01-30", "kind": "自然人"},
        {"received": "2026-01-31", "kind": "自然人", "note": "x"},
    ]


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r.xls", "r.txt", "r", ".csv", "r.csv.bak"])
def test_unknown_format(tmp_path, name):
    """The suffix tells the format; another one is wrong usage, whether or not the file is there."""
    with pytest.raises(WrongUsage) as caught:
        read_register(tmp_path / name)
    assert caught.value.code == "unknown_file_format"
    assert caught.value.facts == {"file": str(tmp_path / name), "formats": ".csv .xlsx .jsonl"}


def test_suffix_in_capitals(tmp_path):
    """Capitals in the suffix do not matter."""
    assert values_of(text_file(tmp_path, HEADS, ROW, name="R.CSV")) == [EXPECTED]
    heads, row = HEADS.split(","), ROW.split(",")
    assert values_of(book_file(tmp_path, heads, row, name="R.XLSX")) == [EXPECTED]


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl"])
def test_missing_and_unreadable(tmp_path, name):
    """A missing file is not found; a directory cannot be read."""
    with pytest.raises(NotFound) as missing:
        read_register(tmp_path / name)
    assert missing.value.code == "file_missing"
    assert missing.value.facts == {"file": str(tmp_path / name)}
    (tmp_path / name).mkdir()
    with pytest.raises(Refused) as unreadable:
        read_register(tmp_path / name)
    assert unreadable.value.code == "file_unreadable"
    assert unreadable.value.facts["file"] == str(tmp_path / name)
    assert unreadable.value.facts["reason"]


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b" \r\n\t\n"])
def test_empty_file(tmp_path, name, data):
    """An empty file, or one of blank lines, is an empty register."""
    assert found(raw_file(tmp_path, data, name)) == [("register_empty", name)]


def test_no_rows(tmp_path):
    """Heads without rows are an empty register, in CSV and in a sheet."""
    assert found(text_file(tmp_path, HEADS, ",,", "/,-,—")) == [("register_empty", "r.csv")]
    assert found(book_file(tmp_path, HEADS.split(","))) == [("register_empty", "r.xlsx")]
    assert found(book_file(tmp_path)) == [("register_empty", "r.xlsx")]
    path = json_file(tmp_path, {"received": None, "kind": "/"})
    assert found(path) == [("register_empty", "r.jsonl")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("name", ["r.csv", "r.jsonl"])
def test_encodings(tmp_path, name, encoding):
    """UTF-8, with or without a byte order mark, and the Chinese national encodings are read."""
    lines = [HEADS, ROW] if name == "r.csv" else [json.dumps(EXPECTED, ensure_ascii=False)]
    assert values_of(text_file(tmp_path, *lines, name=name, encoding=encoding)) == [EXPECTED]


def test_rare_character_in_gb18030(tmp_path):
    """A name that GBK lacks comes through in GB 18030."""
    path = text_file(tmp_path, HEADS, "2026-01-30,自然人,𠮷田", encoding="gb18030")
    assert values_of(path)[0]["name"] == "𠮷田"


def test_cut_inside_a_character(tmp_path):
    """A UTF-8 file cut inside a character is truncated, not gibberish in another encoding."""
    whole = f"{HEADS}\n{ROW}".encode()
    for cut in (1, 2):
        path = raw_file(tmp_path, whole[:-cut])
        assert found(path) == [("file_truncated", "r.csv")]
        assert read_register(path)[0] == []


def test_gb18030_cut_inside_a_character(tmp_path):
    """A GB 18030 file cut inside a character is truncated."""
    whole = f"{HEADS}\n{ROW}".encode("gb18030")
    assert found(raw_file(tmp_path, whole[:-1])) == [("file_truncated", "r.csv")]


def test_fault_inside_utf8(tmp_path):
    """A UTF-8 file with a broken character in the middle is not read as another encoding."""
    whole = f"{HEADS}\n{ROW}\n{ROW}\n".encode()
    broken = whole.replace("张".encode(), "张".encode()[:2], 1)
    path = raw_file(tmp_path, broken)
    assert found(path) == [("file_not_text", "r.csv")]
    assert only_finding(path).facts == {"line": 2}


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (f"{HEADS}\n{ROW}\0\n".encode(), 2),
        (f"{HEADS}\n{ROW}\n".encode("utf-16"), 1),
        (b"received,kind\n\xff\xff\xff\n", 2),
    ],
)
@pytest.mark.parametrize("name", ["r.csv", "r.jsonl"])
def test_not_text(tmp_path, name, data, line):
    """A NUL byte, and bytes of no known encoding, are no text."""
    path = raw_file(tmp_path, data, name)
    assert found(path) == [("file_not_text", name)]
    assert only_finding(path).facts == {"line": line}


def test_unclosed_quote(tmp_path):
    """A quote that is open at the end means that the file has been cut off."""
    path = text_file(tmp_path, HEADS, ROW, '2026-01-31,自然人,"李四')
    rows, findings = read_register(path)
    assert [row.line for row in rows] == [2]
    assert [(one.code, one.where) for one in findings] == [("file_truncated", "r.csv:3")]


def test_unclosed_quote_in_the_heads(tmp_path):
    """A quote that is open from the heads on is told as such, without talk of unknown heads."""
    path = text_file(tmp_path, '收到日期,"申请人类型', ROW)
    assert found(path) == [("file_truncated", "r.csv:1")]


def test_cut_last_row(tmp_path):
    """A last line without its end and with cells missing is read, with a warning."""
    rows, findings = read_register(raw_file(tmp_path, f"{HEADS}\n{ROW}\n2026-01-3".encode()))
    assert len(rows) == 2
    (only,) = findings
    assert (only.code, only.where, only.warning) == ("file_truncated", "r.csv:3", True)


def test_no_final_line_end(tmp_path):
    """A whole last row needs no line end."""
    assert values_of(raw_file(tmp_path, f"{HEADS}\n{ROW}".encode())) == [EXPECTED]


def test_stray_quote(tmp_path):
    """Text behind a closed quote is a finding, and the other rows are read."""
    rows, findings = read_register(text_file(tmp_path, HEADS, '2026-01-30,自然人,"张"三', ROW))
    assert [row.line for row in rows] == [3]
    assert [(one.code, one.where) for one in findings] == [("stray_quote", "r.csv:2")]


def test_cell_too_long(tmp_path):
    """A cell beyond what the reader takes is a finding, and the other rows are read."""
    path = text_file(tmp_path, HEADS, ROW + "三" * 140_000, ROW)
    rows, (only,) = read_register(path)
    assert [row.line for row in rows] == [3]
    assert (only.code, only.where) == ("cell_too_long", "r.csv:2")
    assert only.facts == {"longest": csv.field_size_limit()}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_delimiters(tmp_path, mark):
    """Comma, semicolon and tab are told apart by the heads; the rows have no say."""
    heads, row = HEADS.replace(",", mark), ROW.replace(",", mark)
    path = text_file(tmp_path, heads, f'{row}{mark}"1,2;3\t4,;\t,;"'.replace("张三" + mark, ""))
    (values,) = values_of(path)
    assert values["name"] == "1,2;3\t4,;\t,;"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_cut_sheet(tmp_path, share):
    """A sheet cut off anywhere is damaged."""
    whole = book_file(tmp_path, HEADS.split(","), ROW.split(",")).read_bytes()
    path = raw_file(tmp_path, whole[: int(len(whole) * share)], "cut.xlsx")
    assert found(path) == [("document_damaged", "cut.xlsx")]


@pytest.mark.parametrize("data", [b"no sheet at all", f"{HEADS}\n{ROW}\n".encode()])
def test_no_sheet(tmp_path, data):
    """A file that only bears the suffix is damaged."""
    assert found(raw_file(tmp_path, data, "r.xlsx")) == [("document_damaged", "r.xlsx")]


def test_sheet_with_password(tmp_path):
    """A sheet under a password is told as such."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(coded), kind, 1, free, right, child)
        return coded.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", end, 0)

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", fat, end, *[free] * 126)
    entries = entry("Root Entry", 5, free, 1) + entry("EncryptedPackage", 2, 2, free)
    entries += entry("EncryptionInfo", 2, free, free) + b"\0" * 128
    path = raw_file(tmp_path, head + sectors + entries, "r.xlsx")
    assert found(path) == [("document_locked", "r.xlsx")]


@pytest.mark.parametrize(
    "place", [b'r="XFD1048576"', b"s='1' r = 'xfd1048576'", b'r="AMK1048576"', b'r="AZ1048577"']
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/elsewhere.xml"])
def test_a_cell_that_would_fill_the_memory(tmp_path, part, place):
    """A kilobyte with one cell far out asks a reader for half a terabyte: it is not opened."""
    path = raw_file(tmp_path, b"", "r.xlsx")
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr(part, b'<sheetData><row><c r="A1"/><c ' + place + b"/></row></sheetData>")
    assert found(path) == [("file_too_large", "r.xlsx")]


def test_a_far_cell_is_seen_where_two_pieces_meet(tmp_path):
    """A sheet is looked through piece by piece, and nothing gets lost between two."""
    far = b'<c r="XFD1048576"/>'
    for shift in range(0, len(far), 3):
        path = raw_file(tmp_path, b"", "r.xlsx")
        with zipfile.ZipFile(path, "w") as parts:
            parts.writestr("xl/worksheets/sheet1.xml", b" " * ((1 << 20) - shift) + far)
        assert found(path) == [("file_too_large", "r.xlsx")]


def test_first_visible_sheet(tmp_path):
    """The first sheet that a person sees is read."""
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    for title, name in (("one", "张三"), ("two", "李四")):
        sheet = book.create_sheet(title)
        sheet.append(HEADS.split(","))
        sheet.append(["2026-01-30", "自然人", name])
    book.active = 1
    book.save(tmp_path / "r.xlsx")
    assert values_of(tmp_path / "r.xlsx") == [EXPECTED]


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        ("{broken}", "bad_json", "r.jsonl:2:2"),
        ("[1]", "json_not_object", "r.jsonl:2"),
        ("3", "json_not_object", "r.jsonl:2"),
        ("[" * 100_000, "bad_json", "r.jsonl:2"),
        ('{"note": ' + "1" * 5000 + "}", "bad_json", "r.jsonl:2"),
        ('{"\\ud800": 1}', "bad_json", "r.jsonl:2"),
        ('{"note": true}', "json_bad_value", "r.jsonl:2:note"),
        ('{"note": [1]}', "json_bad_value", "r.jsonl:2:note"),
        ('{"note": {}}', "json_bad_value", "r.jsonl:2:note"),
        ('{"note": 1, "note": 2}', "doubled_head", "r.jsonl:2:note"),
    ],
)
def test_bad_json(tmp_path, line, code, where):
    """A line that is no object of texts, numbers and nulls is told, and the others are read."""
    good = json.dumps(EXPECTED)
    rows, findings = read_register(text_file(tmp_path, good, line, good, name="r.jsonl"))
    assert [(one.code, one.where) for one in findings] == [(code, where)]
    assert {1, 3} <= {row.line for row in rows}


def test_cut_json(tmp_path):
    """A last line that ends before its object does means that the file has been cut off."""
    path = raw_file(tmp_path, (json.dumps(EXPECTED) + '\n{"received": "2026').encode(), "r.jsonl")
    assert found(path) == [("file_truncated", "r.jsonl:2")]


# --- heads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heads",
    [
        "received,kind,name",
        "Received,KIND, Name ",
        "收到日期,kind,申请人",
        "收 到 日期,\u3000申请人类型\u3000,申请人",
        '"收到\n日期",申请人类型,申请人',
        "ｒｅｃｅｉｖｅｄ,ＫＩＮＤ,name",
    ],
)
def test_heads(tmp_path, heads):
    """Chinese heads and English codes are known in any width, case and spacing."""
    assert values_of(text_file(tmp_path, heads, ROW)) == [EXPECTED]


@pytest.mark.parametrize("head", ["id_number", "ID Number", "证件号码", "证件 号码"])
def test_head_of_two_words(tmp_path, head):
    """A space in an English head is as good as its underscore."""
    path = text_file(tmp_path, f"收到日期,申请人类型,{head}", f"2026-01-30,自然人,{ID_NUMBER}")
    assert values_of(path)[0]["id_number"] == ID_NUMBER


@pytest.mark.parametrize(
    ("head", "near"),
    [
        ("申请人姓名", "申请人"),
        ("联系方法", "联系方式"),
        ("Extended", "extended_to"),
        ("序号", ""),
    ],
)
def test_unknown_head(tmp_path, head, near):
    """An unknown head is named with its place and the nearest known one, and no rows are read."""
    path = text_file(tmp_path, f"收到日期,申请人类型,{head}", ROW)
    rows, (only,) = read_register(path)
    assert rows == []
    assert (only.code, only.where) == ("unknown_head", "r.csv:1:C")
    assert only.facts == {"head": head, "near": near}


def test_doubled_head(tmp_path):
    """A head that stands twice, in Chinese and in English too, is named with its first place."""
    path = text_file(tmp_path, "收到日期,申请人类型,received", "2026-01-30,自然人,2026-01-30")
    rows, (only,) = read_register(path)
    assert rows == []
    assert (only.code, only.where) == ("doubled_head", "r.csv:1:C")
    assert only.facts == {"head": "received", "first": "r.csv:1:A"}


def test_missing_heads(tmp_path):
    """The needed heads that are missing are all named."""
    _, findings = read_register(text_file(tmp_path, "", "申请人,备注", "张三,x"))
    assert [(one.code, one.where, one.facts) for one in findings] == [
        ("missing_head", "r.csv:2", {"head": "收到日期"}),
        ("missing_head", "r.csv:2", {"head": "申请人类型"}),
    ]


def test_all_that_is_wrong_with_heads(tmp_path):
    """Unknown, doubled and missing heads, and a cut end, are told in one go."""
    path = text_file(tmp_path, "收到日期,序号,收到日期", '2026-01-30,1,"')
    assert found(path) == [
        ("unknown_head", "r.csv:1:B"),
        ("doubled_head", "r.csv:1:C"),
        ("missing_head", "r.csv:1"),
        ("file_truncated", "r.csv:2"),
    ]


def test_heads_in_a_sheet(tmp_path):
    """Heads of a sheet that are numbers are unknown like others."""
    path = book_file(tmp_path, ["收到日期", "申请人类型", 2026], ["2026-01-30", "自然人", "x"])
    assert found(path) == [("unknown_head", "r.xlsx:1:C")]
    assert only_finding(path).facts == {"head": "2026", "near": ""}


def test_heads_in_jsonl(tmp_path):
    """Keys are heads: unknown ones are told once, where they stand first."""
    path = json_file(tmp_path, EXPECTED, EXPECTED | {"序号": 1}, EXPECTED | {"序号": 2, "": 1})
    assert found(path) == [("unknown_head", "r.jsonl:2:序号"), ("unknown_head", 'r.jsonl:3:""')]
    assert found(json_file(tmp_path, {"kind": "自然人"})) == [("missing_head", "r.jsonl:1")]


def test_mapping(tmp_path):
    """The office's own heads are known through a mapping, in any width and spacing."""
    mapping = {"来件日": "received", "申请主体": "kind", "Ａ": "name"}
    assert values_of(text_file(tmp_path, "来 件 日,申请主体,a", ROW), mapping) == [EXPECTED]


def test_mapping_comes_first(tmp_path):
    """A mapping may give a known head another meaning."""
    mapping = {"提交日期": "received"}
    path = text_file(tmp_path, "提交日期,申请人类型,申请人", ROW)
    assert values_of(path, mapping) == [EXPECTED]


def test_mapping_helps_to_the_nearest_head(tmp_path):
    """The nearest known head may be one of the office's own."""
    path = text_file(tmp_path, "来件日期,申请人类型", "2026-01-30,自然人")
    _, findings = read_register(path, {"来件日": "received"})
    assert findings[0].facts == {"head": "来件日期", "near": "来件日"}


def test_read_mapping(tmp_path):
    """A mapping file is TOML with the own heads as keys."""
    path = text_file(tmp_path, '"来件日" = "received"', 'kind_of = "kind"', name="m.toml")
    assert read_mapping(path) == {"来件日": "received", "kind_of": "kind"}


def test_read_mapping_in_gb18030(tmp_path):
    """A mapping file is read in the encodings of a register."""
    path = text_file(tmp_path, '"来件日" = "received"', name="m.toml", encoding="gb18030")
    assert read_mapping(path) == {"来件日": "received"}


def test_bad_mapping(tmp_path):
    """All lines of a mapping that name no field, or a head again, are told."""
    lines = ['"来件日" = "recieved"', '"类型" = 3', '"甲" = "kind"', '"甲 " = "name"']
    path = text_file(tmp_path, *lines, name="m.toml")
    with pytest.raises(FoundProblems) as caught:
        read_mapping(path)
    assert caught.value.code == "bad_mapping"
    assert caught.value.facts == {"file": str(path)}
    assert [(one.code, one.where, one.facts) for one in caught.value.findings] == [
        ("unknown_field", "m.toml", {"head": "来件日", "field": "recieved", "near": "received"}),
        ("unknown_field", "m.toml", {"head": "类型", "field": "3", "near": ""}),
        ("doubled_head", "m.toml", {"head": "甲 ", "first": "甲"}),
    ]


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        ('x = "kind"\n来件日 = "received"\n'.encode(), "not_toml", "m.toml:2:1"),
        (b'x = "kind', "not_toml", "m.toml"),
        (b"x = 1\0", "file_not_text", "m.toml"),
    ],
)
def test_mapping_that_is_no_toml(tmp_path, data, code, where):
    """A mapping file that cannot be read is told with its place."""
    with pytest.raises(FoundProblems) as caught:
        read_mapping(raw_file(tmp_path, data, "m.toml"))
    (only,) = caught.value.findings
    assert (only.code, only.where) == (code, where)


def test_missing_mapping(tmp_path):
    """A mapping file that is not there is not found."""
    with pytest.raises(NotFound) as caught:
        read_mapping(tmp_path / "m.toml")
    assert caught.value.code == "file_missing"


# --- cells ---------------------------------------------------------------------------------------


def test_too_many_cells(tmp_path):
    """A cell without a head above it is told; blank ones are not."""
    path = text_file(tmp_path, HEADS + ",", ROW + ",,,,/", ROW + ",x", ROW + ",,y,z")
    rows, findings = read_register(path)
    assert [row.line for row in rows] == [2, 3, 4]
    assert [(one.code, one.where, one.facts) for one in findings] == [
        ("too_many_cells", "r.csv:3:D", {"text": "x"}),
        ("too_many_cells", "r.csv:4:E", {"text": "y"}),
    ]


def test_too_many_cells_in_a_sheet(tmp_path):
    """In a sheet too, a cell beside the columns is told."""
    path = book_file(tmp_path, HEADS.split(","), [*ROW.split(","), None, 3])
    assert found(path) == [("too_many_cells", "r.xlsx:2:E")]


def test_fewer_cells(tmp_path):
    """A row with fewer cells than heads has empty ones."""
    assert values_of(text_file(tmp_path, HEADS, "2026-01-30,自然人")) == [
        {"received": "2026-01-30", "kind": "自然人"}
    ]


@pytest.mark.parametrize("text", ["/", "-", "—", "——", "／", "－", " / ", "\u3000—\u3000"])
def test_marks_for_nothing(tmp_path, text):
    """A cell that only holds a stroke is empty."""
    assert values_of(text_file(tmp_path, HEADS, f"2026-01-30,自然人,{text}")) == [
        {"received": "2026-01-30", "kind": "自然人"}
    ]


def test_text_stays_as_written(tmp_path):
    """Names keep their full-width signs; only white space around them goes."""
    row = "2026-01-30,自然人,\u3000 阿依古丽·买买提（Ａ）/ \u3000１２－３ \u00a0"
    assert values_of(text_file(tmp_path, HEADS, row))[0]["name"] == (
        "阿依古丽·买买提（Ａ）/ \u3000１２－３"
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, ending):
    """Line ends of all systems, between rows and inside cells, come out as one kind."""
    whole = ending.join([HEADS, f'2026-01-30,自然人,"张{ending}三"', ROW, ""])
    rows, findings = read_register(raw_file(tmp_path, whole.encode()))
    assert [(row.line, row.values["name"]) for row in rows] == [(2, "张\n三"), (4, "张三")]
    assert findings == []


@pytest.mark.parametrize("mark", ["\x01", "\x0b", "\x1b", "\x1f", "\x7f", "\x85"])
def test_control_characters(tmp_path, mark):
    """A control character other than line end and tab is told, at the edge of a cell too."""
    for text in (f"张{mark}三", f"{mark}张三", f"张三{mark}"):
        path = text_file(tmp_path, HEADS, f"2026-01-30,自然人,{text}")
        rows, (only,) = read_register(path)
        assert (only.code, only.where) == ("control_character", "r.csv:2:C")
        assert only.facts == {"text": f"U+{ord(mark):04X}", "field": "申请人"}
        assert "name" not in rows[0].values


def test_control_characters_of_other_formats(tmp_path):
    """A control character hidden in a sheet or an object is told as well; a tab is not."""
    path = book_file(tmp_path, HEADS.split(","), ["2026-01-30", "自然人", "张_x0007_三"])
    assert found(path) == [("control_character", "r.xlsx:2:C")]
    path = json_file(tmp_path, EXPECTED | {"name": "张\x00三"}, EXPECTED | {"name": "张\t三"})
    assert found(path) == [("control_character", "r.jsonl:1:name")]


def test_half_a_character(tmp_path):
    """Half of a surrogate pair is no character."""
    path = text_file(tmp_path, '{"received": "20260130", "kind": "\\ud842"}', name="r.jsonl")
    assert found(path) == [("control_character", "r.jsonl:1:kind")]


def test_numbers_in_a_sheet(tmp_path):
    """Whole numbers of a sheet lose their point, others keep it, and flags read as shown."""
    heads = ["收到日期", "申请人类型", "申请编号", "联系方式", "备注", "内容描述"]
    path = book_file(tmp_path, heads, [date(2026, 1, 30), 1, 20260001, 13800138000, 0.5, True])
    assert values_of(path) == [
        {
            "received": "2026-01-30",
            "kind": "1",
            "number": "20260001",
            "contact": "13800138000",
            "note": "0.5",
            "subject": "TRUE",
        }
    ]


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 1, 30),
        datetime(2026, 1, 30, 16, 20, 5),  # noqa: DTZ001
        46052,
        46052.68,
        20260130,
        "2026-01-30",
        "2026年1月30日",
        " ２０２６／１／３０ ",
        "二〇二六年一月三十日",
    ],
)
def test_days_in_a_sheet(tmp_path, cell):
    """Dates, day counts and written days of a sheet all become ISO text."""
    path = book_file(tmp_path, ["收到日期", "申请人类型"], [cell, "自然人"])
    assert values_of(path)[0]["received"] == "2026-01-30"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("3月5日", "3月5日"),
        ("46052", "46052"),
        (2026, "2026"),
        (2026.3, "2026.3"),
        (202603, "202603"),
        (1e18, "1e+18"),
        (clock(3, 4), "03:04:00"),
        (True, "TRUE"),
    ],
)
def test_no_days_in_a_sheet(tmp_path, cell, text):
    """What is not plainly a day in a sheet is told; a day count must be a number."""
    path = book_file(tmp_path, ["收到日期", "申请人类型"], [cell, "自然人"])
    rows, (only,) = read_register(path)
    assert (only.code, only.where) == ("not_a_day", "r.xlsx:2:A")
    assert only.facts == {"text": text, "field": "收到日期"}
    assert rows[0].values == {"kind": "自然人"}


def test_all_days_are_checked(tmp_path):
    """Every day of every row that cannot be read is told, however often it is the same text."""
    heads = "received,kind,submitted,decided,extended_to"
    path = text_file(tmp_path, heads, "46052,a,2020年3月,3月5日,待定", "46052,a,,,")
    rows, findings = read_register(path)
    assert len(rows) == 2
    assert [(one.code, one.where) for one in findings] == [
        ("not_a_day", "r.csv:2:A"),
        ("not_a_day", "r.csv:2:C"),
        ("not_a_day", "r.csv:2:D"),
        ("not_a_day", "r.csv:2:E"),
        ("not_a_day", "r.csv:3:A"),
    ]


def test_id_number_as_number(tmp_path):
    """An ID number typed as a number has lost its last figures; as text, or short, it has not."""
    heads = ["收到日期", "申请人类型", "证件号码"]
    days = ["2026-01-30", "自然人"]
    cells = [int(ID_NUMBER), ID_NUMBER, 321302900101123]
    path = book_file(tmp_path, heads, *([*days, cell] for cell in cells))
    rows, (only,) = read_register(path)
    assert (only.code, only.where) == ("id_number_destroyed", "r.xlsx:2:C")
    assert only.facts["field"] == "证件号码"
    assert str(only.facts["text"]).startswith("3.21302199001")
    assert [row.values.get("id_number") for row in rows] == [None, ID_NUMBER, "321302900101123"]


def test_id_number_as_number_in_text(tmp_path):
    """A power of ten that a spreadsheet wrote into a CSV file is no ID number."""
    path = text_file(tmp_path, "received,kind,id_number", "2026-01-30,自然人,3.21302E+17")
    assert found(path) == [("id_number_destroyed", "r.csv:2:C")]


def test_id_number_in_json(tmp_path):
    """JSON keeps all figures of a whole number, but not of one written with a point."""
    whole = EXPECTED | {"id_number": int(ID_NUMBER)}
    assert values_of(json_file(tmp_path, whole))[0]["id_number"] == ID_NUMBER
    broken = EXPECTED | {"id_number": float(ID_NUMBER)}
    assert found(json_file(tmp_path, broken)) == [("id_number_destroyed", "r.jsonl:1:id_number")]


@pytest.mark.parametrize(
    ("field", "cell", "text"),
    [
        ("number", 202600000000000001, "2.026e+17"),
        ("number", date(2026, 1, 1), "2026-01-01"),
        ("contact", "1.38E+10", "1.38E+10"),
        ("note", 1e20, "1e+20"),
    ],
)
def test_other_figures_destroyed(tmp_path, field, cell, text):
    """Numbers, telephones and the like that a spreadsheet has spoilt are told as well."""
    path = book_file(tmp_path, ["received", "kind", field], ["2026-01-30", "自然人", cell])
    only = only_finding(path)
    assert (only.code, only.where) == ("figures_destroyed", "r.xlsx:2:C")
    assert only.facts == {"text": text, "field": FIELDS[field]}


def test_figures_in_free_text(tmp_path):
    """A power of ten, or a date, in free text is just text."""
    heads = ["received", "kind", "subject", "note"]
    path = book_file(tmp_path, heads, ["2026-01-30", "自然人", "1.2E+05", date(2026, 1, 1)])
    assert values_of(path)[0]["subject"] == "1.2E+05"
    assert values_of(path)[0]["note"] == "2026-01-01"


# --- what is written comes back ------------------------------------------------------------------

TEXTS = st.text(
    st.one_of(
        st.sampled_from("张三,;\t\n\"'=@ \u3000（）１·𠮷"),
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    ),
    max_size=20,
)


def trimmed(text: str) -> str:
    """What a cell must come back as."""
    text = text.strip()
    return text if text.strip("/／-－—–") else ""


def expected_rows(cells: list[list[str]]) -> list[dict[str, str]]:
    fields = ["name", "subject", "note"]
    base = {"received": "2026-01-30", "kind": "自然人"}
    pairs = [zip(fields, map(trimmed, row), strict=True) for row in cells]
    return [base | {field: text for field, text in row if text} for row in pairs]


FREE_HEADS = ["收到日期", "申请人类型", "申请人", "内容描述", "备注"]
FREE_ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("registers")


@given(
    cells=FREE_ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    mark=st.sampled_from(",;\t"),
)
@settings(deadline=None)
def test_csv_comes_back(folder, cells, encoding, mark):
    """Any text that is written into a CSV file is read back the same."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark)
    writer.writerow(FREE_HEADS)
    writer.writerows(["2026-01-30", "自然人", *row] for row in cells)
    path = raw_file(folder, text.getvalue().encode(encoding))
    assert values_of(path) == expected_rows(cells)


@given(cells=FREE_ROWS)
@settings(deadline=None)
def test_sheet_comes_back(folder, cells):
    """Any text that is written into a sheet is read back the same."""
    book = openpyxl.Workbook()
    book.active.append(FREE_HEADS)
    for line, row in enumerate(cells, 2):
        for column, text in enumerate(["2026-01-30", "自然人", *row], 1):
            cell = book.active.cell(line, column, re.sub("_x[0-9A-Fa-f]{4}_", "", text))
            cell.data_type = "s"
    book.save(folder / "r.xlsx")
    assert values_of(folder / "r.xlsx") == expected_rows(cells)


@given(cells=FREE_ROWS)
@settings(deadline=None)
def test_jsonl_comes_back(folder, cells):
    """Any text that is written into a .jsonl file is read back the same."""
    rows = [["2026-01-30", "自然人", *row] for row in cells]
    path = json_file(folder, *(dict(zip(FREE_HEADS, row, strict=True)) for row in rows))
    assert values_of(path) == expected_rows(cells)


@given(data=st.binary(max_size=300), name=st.sampled_from(["r.csv", "r.xlsx", "r.jsonl"]))
@settings(deadline=None)
def test_any_bytes(folder, data, name):
    """No bytes make the reader fail, and none are a register without a finding."""
    rows, findings = read_register(raw_file(folder, data, name))
    assert rows == []
    assert findings


@given(cut=st.floats(min_value=0, max_value=1, exclude_max=True))
@settings(deadline=None)
def test_cut_anywhere(folder, cut):
    """A CSV file cut anywhere yields no changed text without a finding; at most, less of it."""
    whole = f"{HEADS}\n{ROW}\n{ROW}\n".encode()
    rows, findings = read_register(raw_file(folder, whole[: int(len(whole) * cut)]))
    assert all(row.values == EXPECTED for row in rows[:-1])
    for row in rows[-1:] if not findings else []:
        assert all(EXPECTED[field].startswith(text) for field, text in row.values.items())


@pytest.mark.slow
def test_large_file(tmp_path):
    """A hundred thousand rows are read in far less than ten microseconds a cell."""
    row = ["2026-01-30", *["甲"] * (len(FIELDS) - 1)]
    fields = ["received", *(field for field in FIELDS if field not in DATE_FIELDS)]
    line = ",".join(row[: len(fields)])
    path = text_file(tmp_path, ",".join(fields), *[line] * 100_000)
    begin = time.perf_counter()
    rows, findings = read_register(path)
    spent = time.perf_counter() - begin
    assert len(rows) == 100_000
    assert findings == []
    assert spent / (100_000 * len(fields)) < 10e-6


# --- the empty register --------------------------------------------------------------------------


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "empty.xlsx"
    write_template(path, kinds=KINDS, outcomes=OUTCOMES, channels=CHANNELS)
    return path


def test_template_heads(template):
    """The empty register has the Chinese heads, and reads as an empty register."""
    sheet = openpyxl.load_workbook(template).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(FIELDS.values())
    assert found(template) == [("register_empty", "empty.xlsx")]


def test_template_formats(template):
    """Figures are kept as text, days shown as days."""
    sheet = openpyxl.load_workbook(template).worksheets[0]
    formats: dict[str, set[str]] = {}
    for group in sheet.column_dimensions.values():
        fields = list(FIELDS)[group.min - 1 : group.max]
        formats.setdefault(group.number_format, set()).update(fields)
    assert formats["@"] == {"number", "contact", "id_number"}
    assert formats["yyyy-mm-dd"] == DATE_FIELDS


def test_template_lists(template):
    """Kind, outcome and channel offer all their labels, long ones and ones with commas too."""
    book = openpyxl.load_workbook(template)
    rules = book.worksheets[0].data_validations.dataValidation
    offered = {}
    for rule in rules:
        assert rule.type == "list"
        sheet, cells = rule.formula1.replace("$", "").split("!")
        labels = [cell.value for (cell,) in book[sheet.strip("'")][cells]]
        offered[str(rule.sqref)] = labels
    assert offered == {
        "E2:E1048576": KINDS,
        "F2:F1048576": CHANNELS,
        "I2:I1048576": OUTCOMES,
    }


def test_template_without_labels(tmp_path):
    """A list without labels makes no rule."""
    write_template(tmp_path / "e.xlsx", kinds=[], outcomes=[], channels=[])
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.worksheets[0].data_validations.dataValidation == []


def test_template_filled_in(template):
    """A filled-in template is read."""
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    for field, cell in (("received", date(2026, 1, 30)), ("kind", KINDS[0]), ("name", "张三")):
        sheet.cell(2, list(FIELDS).index(field) + 1, cell)
    book.save(template)
    assert values_of(template) == [EXPECTED]


def test_template_is_the_same_each_time(template, tmp_path):
    """The same lists make the same file, whatever the clock says."""
    again = tmp_path / "again.xlsx"
    write_template(again, kinds=KINDS, outcomes=OUTCOMES, channels=CHANNELS)
    assert again.read_bytes() == template.read_bytes()
    with zipfile.ZipFile(again) as parts:
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_template_overwrites_nothing(template):
    """A file that is there already stays as it is."""
    before = template.read_bytes()
    with pytest.raises(Refused) as caught:
        write_template(template, kinds=[], outcomes=[], channels=[])
    assert caught.value.code == "file_exists"
    assert caught.value.facts == {"file": str(template)}
    assert template.read_bytes() == before


def test_template_that_cannot_be_written(tmp_path):
    """A folder that is not there, or another format, is refused."""
    nowhere = tmp_path / "nowhere" / "e.xlsx"
    with pytest.raises(Refused) as caught:
        write_template(nowhere, kinds=[], outcomes=[], channels=[])
    assert caught.value.code == "file_unwritable"
    assert caught.value.facts["file"] == str(nowhere)
    with pytest.raises(WrongUsage) as wrong:
        write_template(tmp_path / "e.csv", kinds=[], outcomes=[], channels=[])
    assert wrong.value.code == "unknown_file_format"
    assert wrong.value.facts == {"file": str(tmp_path / "e.csv"), "formats": ".xlsx"}
