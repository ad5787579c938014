"""`import`: a register of another time, every row or none, each fault with file, row and column."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Run = Callable[..., Any]
HEADS = (
    "申请编号,收到日期,提交日期,申请人,申请人类型,申请渠道,内容描述,办理状态,"
    "办理结果,答复日期,延期至,联系方式,证件号码,备注"
)
ALIASES = (
    "number,received,submitted,name,kind,channel,subject,state,outcome,decided,extended_to,contact,"
    "id_number,note"
)
ROW = (
    "2025-0007,2025-03-03,2025-03-03,欧阳明月,自然人,邮寄,预算,已办结,"
    "予以公开,2025-03-20,,13800138000,321302199001011234,老登记册"
)


def sheet(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def imported(run: Run, path: Path, *words: object) -> Any:
    result = run("import", path, *words, "--json")
    assert result.status == 0, result.err
    return result.json


@pytest.fixture
def faults(refused: Run) -> Callable[..., list[tuple[str, str]]]:
    """The faults for which a register is refused: code and place of each; nothing is written."""

    def call(path: Path, *words: object) -> list[tuple[str, str]]:
        error = refused("import", path, *words)
        assert error["error"] == "import_refused"
        return [(f["error"], f["where"]) for f in error["findings"] if not f["warning"]]

    return call


@pytest.mark.parametrize(
    "heads", [HEADS, ALIASES, HEADS.replace("收到日期", " 收到 日期 "), ALIASES.upper()]
)
def test_every_column_is_taken_under_either_name(run: Run, register_file: Run, heads: str) -> None:
    """Heads are the Chinese ones or their English aliases; every column finds its place."""
    found = imported(run, register_file(heads, ROW))

    case = run("show", "2025-0007", "--json", "--personal").json
    assert (found["applications"], found["concluded"], found["open"]) == (1, 1, 0)
    assert (case["received"], case["submitted"], case["concluded"]) == (
        "2025-03-03",
        "2025-03-03",
        "2025-03-20",
    )
    assert (case["state"], case["outcome"], case["channel"]) == ("closed", "disclosed.provided", "post")
    assert case["subject"] == "预算"
    assert case["applicant"] == {
        "kind": "natural_person",
        "name": "欧阳明月",
        "contact": "13800138000",
        "id_number": "321302199001011234",
    }
    assert case["history"][0]["data"]["note"] == "老登记册"
    assert run("show", "2025-0007", "--json").json["history"][0]["data"]["note"] != "老登记册"
    assert case["history"][0]["data"]["source"].startswith("register.csv:2")


def test_a_note_of_a_register_stands_apart_from_the_chain(
    run: Run, done: Run, register_file: Run, dump: Callable[[], list[str]]
) -> None:
    """A note may name people: what the chain covers for good does not hold it, and it can be corrected."""
    secret = "张三电话13812345678"
    imported(run, register_file(HEADS, ROW.replace("老登记册", secret)))
    chain = [line for line in dump() if line.startswith('INSERT INTO "entries"')]
    apart = [line for line in dump() if line.startswith('INSERT INTO "personal_parts"')]
    assert chain
    assert not [line for line in chain if secret in line]
    assert len([line for line in apart if secret in line]) == 1

    done("amend", "2025-0007", "--entry", "1", "--set", "note=见来信", "--reason", "误记")
    assert not [line for line in dump() if line.startswith('INSERT INTO "entries"') and "见来信" in line]
    assert run("verify").status == 0


def test_a_channel_that_no_register_states_is_unknown(
    run: Run, done: Run, refused: Run, register_file: Run, tmp_path: Path
) -> None:
    """Nobody knows how it came: nothing is made up, and the receipt (art. 31) asks for it."""
    imported(
        run, register_file("收到日期,申请人,申请人类型,内容描述", "2026-11-02,申请人甲,自然人,预算")
    )
    shown = run("show", "2026-0001", "--json").json
    assert shown["channel"] is None
    assert "channel" not in shown["history"][0]["data"]

    error = refused("notice", "2026-0001", "receipt")
    assert "--entry 1 --set channel=" in error["hint"]
    done("amend", "2026-0001", "--entry", "1", "--set", "channel=online", "--reason", "补记")
    letter = done("notice", "2026-0001", "receipt", "-o", tmp_path / "r.txt", "--json").json
    assert "互联网" in letter["text"]


def test_what_lacks_in_a_register_is_named(run: Run, register_file: Run) -> None:
    """A repeat lacks the earlier reply that it names, not some step."""
    heads, row = "收到日期,申请人类型,办理结果,答复日期", "2026-01-05,自然人,重复申请,2026-01-20"
    said = run("import", register_file(heads, row)).err
    assert "“重复申请”应有的此前已答复的申请编号" in said
    assert "补正" not in said


def test_a_number_of_another_year_is_no_number_of_a_row(faults: Run, register_file: Run) -> None:
    """Numbers go by the year of receipt, in a register as at the counter; others' patterns are free."""
    rows = ("2026-0100,2025-03-03,自然人", "依申请〔2026〕9号,2025-03-03,自然人")
    found = faults(register_file("申请编号,收到日期,申请人类型", *rows))

    assert found == [("number_of_another_year", "register.csv:2:A")]


def test_only_receipt_and_kind_are_needed(run: Run, register_file: Run) -> None:
    """A register of receipt dates and kinds is enough; such rows are open cases, numbered in order."""
    imported(run, register_file("收到日期,申请人类型", "2026-01-05,自然人", "2026-01-06,商业企业",
                                "2025-12-30,其他"))  # fmt: skip

    found = run("list", "--json").json
    assert [case["number"] for case in found] == ["2025-0001", "2026-0001", "2026-0002"]
    assert {case["state"] for case in found} == {"received"}


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("disclosed.provided", "disclosed.provided"),
        ("予以公开", "disclosed.provided"),
        ("（一）予以公开", "disclosed.provided"),
        ("(一) 予以公开", "disclosed.provided"),
        ("部分公开", "partial"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "partial"),
        ("1.属于国家秘密", "withheld.state_secret"),
        ("1. 属于国家秘密", "withheld.state_secret"),
        ("属于国家秘密", "withheld.state_secret"),
        ("3.危及“三安全一稳定”", "withheld.security_and_stability"),
        ('危及"三安全一稳定"', "withheld.security_and_stability"),
        ("８．属于行政查询事项", "withheld.administrative_inquiry"),
        ("信息不存在", "unable.nonexistent"),
        ("1.本机关不掌握相关政府信息", "unable.nonexistent"),
        ("unable.not_held", "unable.nonexistent"),
        ("unable.other_organ", "unable.other_organ"),
        ("2.重复申请", "not_handled.repeat"),
        ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "other.not_corrected"),
        ("（六）其他处理", "other.other"),
        ("3.其他", "other.other"),
        ("申请人撤回", "other.withdrawn"),
        ("state secret", "withheld.state_secret"),
    ],
)
def test_an_outcome_is_known_by_code_and_by_label(
    run: Run, register_file: Run, written: str, outcome: str
) -> None:
    """An outcome may be its code, its name or its printed label, with or without its number."""
    row = ["2026-01-05", "自然人", written, "2026-01-20"]
    text = io.StringIO()
    csv.writer(text).writerow(row)
    imported(run, register_file("收到日期,申请人类型,办理结果,答复日期", text.getvalue().strip()))

    assert run("show", "2026-0001", "--json").json["outcome"] == outcome


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("natural_person", "natural_person"),
        ("自然人", "natural_person"),
        (" 自 然 人 ", "natural_person"),
        ("1.自然人", "natural_person"),
        ("商业企业", "enterprise"),
        ("科研机构", "research_institution"),
        ("社会公益组织", "public_welfare"),
        ("法律服务机构", "legal_service"),
        ("其他", "other_organization"),
        ("other_organization", "other_organization"),
    ],
)
def test_a_kind_is_known_by_code_and_by_label(
    run: Run, register_file: Run, written: str, kind: str
) -> None:
    """An applicant kind may be its code or its printed label."""
    imported(run, register_file("收到日期,申请人类型", f"2026-01-05,{written}"))

    assert run("show", "2026-0001", "--json").json["applicant"]["kind"] == kind


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-05",
        "2026/1/5",
        "2026.01.05",
        "20260105",
        "2026年1月5日",
        "２０２６年１月５日",
        "二〇二六年一月五日",
        "2026-01-05 09:30",
    ],
)
def test_a_day_is_read_as_registers_write_it(run: Run, register_file: Run, written: str) -> None:
    """Days may be written in the ways in which registers write them."""
    imported(run, register_file("收到日期,申请人类型", f"{written},自然人"))

    assert run("show", "2026-0001", "--json").json["received"] == "2026-01-05"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_encodings_of_the_country_are_read(
    run: Run, register_file: Run, encoding: str, mark: str
) -> None:
    """UTF-8 and what a spreadsheet writes in China are both read, with any usual separator."""
    lines = ["收到日期,申请人类型,申请人,内容描述", "2026-01-05,自然人,欧阳明月,土地征收补偿方案"]
    imported(run, register_file(*(line.replace(",", mark) for line in lines), encoding=encoding))

    case = run("show", "2026-0001", "--json", "--personal").json
    assert (case["applicant"]["name"], case["subject"]) == ("欧阳明月", "土地征收补偿方案")


def test_the_three_formats_say_the_same(run: Run, register_file: Run, tmp_path: Path, dump: Run) -> None:
    """The same register as CSV, XLSX and JSON lines gives the same cases."""
    heads = ["收到日期", "申请人类型", "申请人", "办理结果", "答复日期"]
    row = ["2026-01-05", "自然人", "欧阳明月", "予以公开", "2026-01-20"]
    files = [
        register_file(",".join(heads), ",".join(row)),
        sheet(tmp_path / "r.xlsx", [heads, [date(2026, 1, 5), *row[1:4], date(2026, 1, 20)]]),
        tmp_path / "r.jsonl",
    ]
    files[2].write_text(
        json.dumps(dict(zip(heads, row, strict=True)), ensure_ascii=False) + "\n", "utf-8"
    )
    for path in files:
        imported(run, path)

    cases = run("list", "--json", "--personal").json
    assert [case.pop("number") for case in cases] == ["2026-0001", "2026-0002", "2026-0003"]
    assert cases[0] == cases[1] == cases[2]
    assert dump()


def test_a_mapping_names_own_heads(run: Run, register_file: Run, tmp_path: Path) -> None:
    """A mapping file says which field an own head stands for; without it the head is refused by name."""
    register = register_file("来件日,类别,处理", "2026-01-05,自然人,")
    mapping = tmp_path / "heads.toml"
    mapping.write_text('"来件日" = "received"\n"类别" = "kind"\n"处理" = "note"\n', "utf-8")

    refused = run("import", register, "--json")

    assert refused.status == 1
    assert "来件日" in json.dumps(refused.error, ensure_ascii=False)
    assert imported(run, register, "--mapping", mapping)["applications"] == 1


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ('"来件日" = "recieved"\n', "unknown_field"),
        ('"来件日" = 7\n', "unknown_field"),
        ('"来件日" = "received"\n" 来件日" = "kind"\n', "doubled_head"),
        ("来件日 = received\n", "not_toml"),
    ],
)
def test_a_faulty_mapping_is_refused(
    refused: Run, register_file: Run, tmp_path: Path, contents: str, code: str
) -> None:
    """A mapping that is no TOML, or names unknown fields or a head twice, is refused."""
    mapping = tmp_path / "heads.toml"
    mapping.write_text(contents, "utf-8")

    error = refused("import", register_file(HEADS, ROW), "--mapping", mapping)

    assert (error["error"], error["findings"][0]["error"]) == ("bad_mapping", code)


def test_a_missing_mapping_is_refused(refused: Run, register_file: Run) -> None:
    """A mapping file that is not there is refused by name."""
    error = refused("import", register_file(HEADS, ROW), "--mapping", "nowhere.toml")

    assert error["error"] == "file_missing"


def test_a_dry_run_says_what_would_come_of_it(run: Run, register_file: Run, dump: Run) -> None:
    """`--dry-run` gives counts and warnings and writes nothing; the import itself gives the same."""
    path = register_file(HEADS, ROW, ROW.replace("0007", "0008").replace("2025-03-20", "2025-06-20"))
    before = dump()

    tried = imported(run, path, "--dry-run")

    assert dump() == before
    done = imported(run, path)
    assert (tried.pop("dry_run"), done.pop("dry_run")) == (True, False)
    assert tried == done
    assert [warning["error"] for warning in done["warnings"]] == ["imported_late"]


def test_the_template_is_an_empty_register(run: Run, tmp_path: Path) -> None:
    """`--template FILE.xlsx` writes an empty register with the heads, to be filled and imported."""
    path = tmp_path / "empty.xlsx"

    assert run("import", "--template", path).status == 0

    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book.worksheets[0][1]] == HEADS.split(",")
    assert run("import", path, "--json").error["findings"][0]["error"] == "register_empty"
    book.worksheets[0].append([None, date(2026, 1, 5), None, "欧阳明月", "自然人"])
    book.save(path)
    book.close()
    assert imported(run, path)["applications"] == 1


def test_the_template_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    """A file that is there already is not replaced by an empty register."""
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"mine")

    result = run("import", "--template", path, "--json")

    assert (result.status, result.error["error"]) == (1, "file_exists")
    assert path.read_bytes() == b"mine"


def test_numbers_of_the_register_are_kept_and_followed(
    run: Run, register_file: Run, registered: Run
) -> None:
    """Given numbers are kept, missing ones are given after them, and registering goes on from there."""
    imported(
        run,
        register_file(
            "申请编号,收到日期,申请人类型",
            "2026-0005,2026-01-05,自然人",
            ",2026-01-06,自然人",
            "依申请〔2026〕9号,2026-01-07,自然人",
        ),
    )

    numbers = [case["number"] for case in run("list", "--json").json]
    assert numbers == ["2026-0005", "2026-0006", "依申请〔2026〕9号"]
    assert registered() == "2026-0007"


ROWS_WITH_WARNINGS = [
    ("late", "2026-01-05,,自然人,,予以公开,2026-03-31,", "imported_late"),
    ("late after its extension", "2026-01-05,,自然人,,予以公开,2026-03-31,2026-03-02", "imported_late"),
    ("without its correction", "2026-01-05,,自然人,,补正后申请内容仍不明确,2026-01-20,",
     "imported_without_steps"),
    ("without its reasons", "2026-01-05,,自然人,,无正当理由大量反复申请,2026-01-20,",
     "imported_without_steps"),
    ("without its earlier reply", "2026-01-05,,自然人,,重复申请,2026-01-20,", "imported_without_steps"),
    ("without its fee notice", "2026-01-05,,自然人,,other.unpaid,2026-01-20,", "imported_without_steps"),
    ("without its correction notice", "2026-01-05,,自然人,,other.not_corrected,2026-01-20,",
     "imported_without_steps"),
    ("a row of several outcomes", "2026-01-05,,自然人,,本机关不掌握相关政府信息,2026-01-20,",
     "row_of_several_outcomes"),
    ("a gap before receipt", "2026-01-12,2026-01-05,自然人,,,,", "receipt_gap"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "row", "code"), ROWS_WITH_WARNINGS, ids=[row[0] for row in ROWS_WITH_WARNINGS]
)
def test_what_a_live_case_would_need_is_a_warning(
    run: Run, register_file: Run, kind: str, row: str, code: str
) -> None:
    """A row without process steps, or answered late, is imported as it happened, with a warning."""
    path = register_file("收到日期,提交日期,申请人类型,办理状态,办理结果,答复日期,延期至", row)

    found = imported(run, path)

    assert code in [warning["error"] for warning in found["warnings"]], kind
    assert all(warning["where"].startswith("register.csv:2") for warning in found["warnings"])
    assert run("verify").status == 0


def test_an_extended_row_is_due_on_its_extended_day(run: Run, register_file: Run) -> None:
    """A row answered within its extension is on time."""
    path = register_file(
        "收到日期,申请人类型,办理结果,答复日期,延期至",
        "2026-01-05,自然人,予以公开,2026-02-20,2026-03-03",
        "2026-11-02,自然人,,,2026-12-28",
    )

    found = imported(run, path)

    assert found["warnings"] == []
    case = run("show", "2026-0001", "--json").json
    assert (case["due"], case["late"]) == ("2026-03-03", False)
    assert run("show", "2026-0002", "--json").json["due"] == "2026-12-28"


BAD_ROWS = [
    ("unknown_kind", "2026-01-05,,外星人,,,,,", "C"),
    ("unknown_channel", "2026-01-05,,自然人,飞鸽,,,,", "D"),
    ("unknown_state", "2026-01-05,,自然人,,在途,,,", "E"),
    ("unknown_outcome", "2026-01-05,,自然人,,,同意,2026-01-20,", "F"),
    ("not_a_day", "2026-02-30,,自然人,,,,,", "A"),
    ("not_a_day", "2026-01,,自然人,,,,,", "A"),
    ("not_a_day", "昨天,,自然人,,,,,", "A"),
    ("not_a_day", "5/1/26,,自然人,,,,,", "A"),
    ("day_in_future", "2026-12-01,,自然人,,,,,", "A"),
    ("day_in_future", "2026-01-05,,自然人,,,予以公开,2026-12-01,", "G"),
    ("decided_before_received", "2026-01-05,,自然人,,,予以公开,2026-01-04,", "G"),
    ("submitted_after_receipt", "2026-01-05,2026-01-06,自然人,,,,,", "B"),
    ("half_a_result", "2026-01-05,,自然人,,,予以公开,,", "G"),
    ("half_a_result", "2026-01-05,,自然人,,,,2026-01-20,", "F"),
    ("cell_missing", "2026-01-05,,,,,,,", "C"),
    ("cell_missing", ",,自然人,,,,,", "A"),
    ("state_contradicts", "2026-01-05,,自然人,,已办结,,,", "E"),
    ("state_contradicts", "2026-01-05,,自然人,,审查中,予以公开,2026-01-20,", "E"),
    ("bad_number", "2026-01-05,,自然人,,,,,2026 0001", "H"),
    ("bad_number", "2026-01-05,,自然人,,,,," + "9" * 65, "H"),
    ("no_calendar", "2001-01-05,,自然人,,,,,", "A"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "row", "column"), BAD_ROWS, ids=lambda value: str(value)[:40])
def test_an_impossible_row_is_an_error_with_row_and_column(
    faults: Run, register_file: Run, code: str, row: str, column: str
) -> None:
    """An impossible row is named with file, row and column, and then nothing at all is imported."""
    path = register_file("收到日期,提交日期,申请人类型,申请渠道,办理状态,办理结果,答复日期,申请编号",
                         "2026-01-05,,自然人,,,,,", row)  # fmt: skip

    assert faults(path) == [(code, f"register.csv:3:{column}")]


def test_all_faults_of_a_register_are_named_at_once(faults: Run, register_file: Run) -> None:
    """A register with faults in several rows names every one of them."""
    path = register_file(
        "收到日期,申请人类型",
        "2026-02-30,自然人",
        "2026-01-05,自然人",
        "2026-01-06,外星人",
        "2026-12-31,外星人",
    )

    assert {where for _code, where in faults(path)} >= {"register.csv:2:A"}


@pytest.mark.parametrize("number", ["2026-0001", "2026-0009", "依申请7号"])
def test_a_doubled_number_is_refused(
    faults: Run, register_file: Run, registered: Run, number: str
) -> None:
    """A number that stands twice in the register, or is taken in the office, is an error."""
    registered()
    path = register_file("申请编号,收到日期,申请人类型", f"{number},2026-01-05,自然人",
                         f"{number},2026-01-06,自然人")  # fmt: skip

    found = faults(path)

    assert {code for code, _where in found} == {"doubled_number"}
    assert ("doubled_number", "register.csv:3:A") in found
    assert len(found) == (2 if number == "2026-0001" else 1)


def test_a_number_too_long_for_any_series_is_answered_properly(
    run: Run, register_file: Run, registered: Run
) -> None:
    """A number whose serial no database can count is kept as it is or refused; the series goes on."""
    path = register_file("申请编号,收到日期,申请人类型", "2026-" + "9" * 25 + ",2026-01-05,自然人")

    assert run("import", path).status in (0, 1)
    assert registered() == "2026-0001"
    assert run("verify").status == 0


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (b"", "register_empty"),
        (b"\n\n", "register_empty"),
        ("收到日期,申请人类型\n".encode(), "register_empty"),
        ("收到日期,申请人类型\n,,\n".encode(), "register_empty"),
        ("收到日期,姓氏,申请人类型\n2026-01-05,王,自然人\n".encode(), "unknown_head"),
        ("收到日期,收到日期,申请人类型\n".encode(), "doubled_head"),
        ("收到日期,received,申请人类型\n".encode(), "doubled_head"),
        ("申请人,收到日期\n王,2026-01-05\n".encode(), "missing_head"),
        ("收到日期,申请人类型\n2026-01-05,自然人,多余\n".encode(), "too_many_cells"),
        ('收到日期,申请人类型\n2026-01-05,"自然人\n'.encode(), "file_truncated"),
        ('收到日期,申请人类型\n2026-01-05,"自"然人\n'.encode(), "stray_quote"),
        ("收到日期,申请人类型\n2026-01-05,自然人".encode()[:-1], "file_truncated"),
        ("收到日期,申请人类型\n2026-01-05,自然人\n".encode("utf-16"), "file_not_text"),
        ("收到日期,申请人类型\n2026-01-05,自然人\n".encode("utf-16-le"), "file_not_text"),
        (bytes(range(256)) * 4, "file_not_text"),
        (b"\xff\xd8\xff\xe0JFIF", "file_not_text"),
        ("收到日期,申请人类型,内容描述\n2026-01-05,自然人,\x07\n".encode(), "control_character"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_register_is_refused(
    faults: Run, tmp_path: Path, contents: bytes, code: str
) -> None:
    """An empty, cut-off or binary file, or one with wrong heads, is refused with what is wrong."""
    path = tmp_path / "register.csv"
    path.write_bytes(contents)

    assert code in [found for found, _where in faults(path)]


@pytest.mark.parametrize("name", ["r.xlsx", "r.jsonl", "r.csv"])
@pytest.mark.parametrize("kept", [0, 1, 100, 2000])
def test_a_cut_off_file_is_refused(refused: Run, tmp_path: Path, name: str, kept: int) -> None:
    """A file that was not written to its end is refused, or was whole up to there."""
    whole = tmp_path / "whole.xlsx"
    sheet(whole, [["收到日期", "申请人类型"], *[[date(2026, 1, 5), "自然人"]] * 50])
    path = tmp_path / name
    path.write_bytes(whole.read_bytes()[:kept])

    assert refused("import", path)["error"] == "import_refused"


def test_another_workbook_is_refused(faults: Run, tmp_path: Path) -> None:
    """An archive that is no workbook, and a workbook without a register, are refused."""
    archive = tmp_path / "a.xlsx"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("readme.txt", "x")

    assert faults(archive)
    assert "unknown_head" in [code for code, _ in faults(sheet(tmp_path / "b.xlsx", [["姓名"], ["王"]]))]
    assert [code for code, _ in faults(sheet(tmp_path / "c.xlsx", []))] == ["register_empty"]


def test_one_wrong_row_keeps_out_all_others(
    faults: Run, run: Run, register_file: Run, folder: Path
) -> None:
    """Of three thousand rows with one fault none comes in, and no byte of the database changes."""
    rows = [f"2026-01-{5 + place % 20:02},自然人" for place in range(3000)]
    rows[1500] = "2026-01-05,外星人"
    path = register_file("收到日期,申请人类型", *rows)
    run("list")
    before = (folder / "requestflow.db").read_bytes()

    assert faults(path) == [("unknown_kind", "register.csv:1502:B")]

    assert (folder / "requestflow.db").read_bytes() == before
    assert run("list", "--json").json == []


def test_warnings_do_not_keep_a_register_out(run: Run, register_file: Run) -> None:
    """Warnings are listed on standard error, and the rows come in."""
    path = register_file(
        "收到日期,申请人类型,办理结果,答复日期", "2026-01-05,自然人,予以公开,2026-03-31"
    )

    result = run("import", path)

    assert result.status == 0
    assert "register.csv:2" in result.err
    assert "1 件" in result.out


def test_an_unknown_person_imports_nothing(refused: Run, register_file: Run) -> None:
    """`--by` names somebody of the office in an import too."""
    error = refused("import", register_file(HEADS, ROW), "--by", "nobody", status=2)

    assert error["error"] == "unknown_person"


def test_an_imported_open_case_goes_on(run: Run, register_file: Run, moved: Run) -> None:
    """An open row is a case like any other: it is decided and served step by step."""
    imported(run, register_file("收到日期,申请人类型,办理状态", "2026-11-02,自然人,审查中"))

    case = moved("2026-0001", "decide@2026-11-12 --outcome partial", "deliver@2026-11-12")

    assert (case["state"], case["late"]) == ("closed", False)
    assert run("rollup", "2026", "--json").json["rows"]["partial"][0] == 1
    assert run("verify").status == 0


def test_a_register_may_be_imported_in_parts(run: Run, register_file: Run) -> None:
    """A second register goes on after the first one's numbers."""
    for name in ("one.csv", "two.csv"):
        imported(run, register_file("收到日期,申请人类型", "2026-01-05,自然人", name=name))

    assert [case["number"] for case in run("list", "--json").json] == ["2026-0001", "2026-0002"]
    assert run("verify", "--json").json["holds"] is True


def test_personal_data_of_a_register_are_masked(run: Run, register_file: Run) -> None:
    """What an import says of its rows holds no name and no number."""
    late = ROW.replace("2025-03-20", "2025-06-20")

    result = run("import", register_file(HEADS, late))

    assert result.status == 0
    for secret in ("欧阳明月", "13800138000", "321302199001011234"):
        assert secret not in result.out + result.err
