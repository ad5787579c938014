"""`notice`: a letter is numbered once, kept as it went out, withdrawn with a reason, served and watched."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.documents import letter_pdf

Run = Callable[..., Any]
PARTICULARS = """[organ]
code = "示发改公开"
review_organ = "示例县人民政府"
court = "示例县人民法院"
address = "示例县示例路1号"
phone = "0000-0000000"
"""
APPLICANT = "欧阳明月"
FORMATS = ("docx", "html", "txt")


@pytest.fixture(autouse=True)
def _settled(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that may write letters; what is written without a name falls into a folder of its own."""
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace("[organ]", f"{PARTICULARS}#", 1), "utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def set_organ(folder: Path) -> Callable[[str, str], None]:
    def change(old: str, new: str) -> None:
        path = folder / "config.toml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return change


@pytest.fixture
def decided(registered: Run, moved: Run) -> Callable[..., str]:
    """An application with a decision on it, and all that its reply needs."""

    def call(**facts: str) -> str:
        number = str(registered(**facts))
        moved(number, "accept@2026-11-03",
              "decide@2026-11-20 --outcome disclosed.provided --set method=电子邮件")  # fmt: skip
        return number

    return call


@pytest.fixture
def asked(registered: Run, moved: Run) -> Callable[[], str]:
    """An application whose correction was asked for."""

    def call() -> str:
        number = str(registered())
        moved(number, "accept@2026-11-03", "request_correction@2026-11-05 --set items=年度")
        return number

    return call


def test_a_letter_gets_its_number_and_is_recorded(done: Run, asked: Run) -> None:
    """The letter the case is at: numbered in its series, in the history by number and digest alone."""
    number = asked()

    letter = done("notice", number, "--json").json

    assert letter["number"] == "示发改公开告〔2026〕1号"
    assert (letter["application"], letter["kind"], letter["on"]) == (number, "correction", "2026-11-24")
    assert (letter["new"], letter["draft"], letter["gaps"]) == (True, False, [])
    assert APPLICANT in letter["text"]
    entry = done("show", number, "--json").json["history"][-1]
    assert (entry["transition"], entry["from"], entry["to"]) == (
        "issue_letter", "awaiting_correction", "awaiting_correction",
    )  # fmt: skip
    assert entry["data"]["letter"] == letter["number"]
    assert entry["data"]["about"] == 3
    assert len(entry["data"]["digest"]) == 64
    assert APPLICANT not in json.dumps(entry, ensure_ascii=False)


def test_a_second_call_gives_the_same_letter(done: Run, asked: Run, dump: Run) -> None:
    """The same number and words; nothing is recorded again."""
    number = asked()
    first = done("notice", number, "--json").json
    before = dump()

    second = done("notice", number, "correction", "--json").json

    assert second == {**first, "new": False}
    assert dump() == before


@pytest.mark.parametrize("form", FORMATS)
def test_a_letter_comes_out_the_same_to_the_byte(
    done: Run, asked: Run, set_organ: Run, form: str
) -> None:
    """A format that was printed once is the same bytes ever after, whatever was changed meanwhile."""
    number = asked()
    done("notice", number, "-o", f"first.{form}")
    set_organ("示例县示例路1号", "示例县新路2号")
    set_organ("示发改公开", "改名")
    done("amend", number, "--entry", "1", "--set", "subject=另一内容", "--reason", "笔误")

    done("notice", number, "-o", f"second.{form}", today="2026-11-25")

    assert Path(f"first.{form}").read_bytes() == Path(f"second.{form}").read_bytes()


def test_a_further_format_says_what_was_issued(done: Run, asked: Run, set_organ: Run) -> None:
    """A format printed later has the words of the day of issue, and is kept with an entry of its own."""
    number = asked()
    done("notice", number, "-o", "letter.txt")
    set_organ("示例县示例路1号", "示例县新路2号")

    done("notice", number, "-o", "letter.html")

    assert "示例路1号" in Path("letter.html").read_text("utf-8")
    case = done("show", number, "--json").json
    assert [entry["transition"] for entry in case["history"][-2:]] == ["issue_letter", "print_letter"]
    assert case["notices"][0]["formats"] == ["html", "txt"]
    assert done("verify", "--json").json["problems"] == []


@pytest.mark.slow
@pytest.mark.skipif(letter_pdf.libreoffice() is None, reason="LibreOffice is not installed")
def test_a_pdf_is_kept_like_every_format(done: Run, asked: Run) -> None:
    """LibreOffice makes another file each time; the letter's is the first one, ever after."""
    number = asked()
    done("notice", number, "-o", "first.pdf")
    done("notice", number, "-o", "second.pdf")

    assert Path("first.pdf").read_bytes()[:5] == b"%PDF-"
    assert Path("first.pdf").read_bytes() == Path("second.pdf").read_bytes()


def test_without_a_name_a_word_file_is_written_here(done: Run, asked: Run) -> None:
    """The file is called by application and kind, and lies in the current folder."""
    number = asked()

    done("notice", number)
    done("notice", number)

    assert [path.name for path in Path().iterdir()] == [f"{number}-补正告知书.docx"]


def test_another_file_is_not_overwritten(done: Run, refused: Run, asked: Run) -> None:
    """A file of that name with other content stays, and the letter is not issued for it."""
    number = asked()
    Path("mine.txt").write_text("mine")

    assert refused("notice", number, "-o", "mine.txt")["error"] == "other_file_there"
    assert Path("mine.txt").read_text() == "mine"
    assert done("notice", number, "--list", "--json").json == []
    done("notice", number, "-o", "mine.txt", "--overwrite")
    assert "补正" in Path("mine.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("output", "status", "code"),
    [("nowhere/letter.txt", 1, "folder_unwritable"), ("letter.odt", 2, "unknown_file_format"),
     ("letter", 2, "unknown_file_format")],
)  # fmt: skip
def test_a_letter_is_not_issued_where_it_cannot_be_written(
    refused: Run, asked: Run, output: str, status: int, code: str
) -> None:
    """No folder, no known format: refused, and no number is taken."""
    error = refused("notice", asked(), "-o", output, status=status)
    assert error["error"] == code
    assert "：-" not in error["message"]  # why, in words


def test_series_run_apart_and_without_gaps(
    done: Run, decided: Run, refused: Run, registered: Run
) -> None:
    """Each series counts by itself; a letter that is refused takes no number."""
    first, second = decided(), decided(subject="第二件")
    receipts = [
        done("notice", number, "receipt", "--on", "2026-11-02", "--json").json["number"]
        for number in (first, second)
    ]
    assert refused("notice", registered(subject="第三件"), "provided")["error"] == "notice_not_here"
    replies = [done("notice", number, "--json").json["number"] for number in (first, second)]

    assert receipts == ["示发改公开告〔2026〕1号", "示发改公开告〔2026〕2号"]
    assert replies == ["示发改公开〔2026〕1号", "示发改公开〔2026〕2号"]
    assert done("verify", "--json").json["problems"] == []


def test_the_year_of_a_number_is_that_of_the_letters_day(done: Run, decided: Run) -> None:
    """A letter dated in the next year begins that year's series."""
    first, second = decided(), decided(subject="第二件")

    assert done("notice", first, "--json").json["number"] == "示发改公开〔2026〕1号"
    later = done("notice", second, "--json", today="2027-01-04").json
    assert (later["number"], later["on"]) == ("示发改公开〔2027〕1号", "2027-01-04")


@pytest.mark.parametrize(
    ("on", "code"), [("2026-11-25", "letter_in_future"), ("2026-11-04", "letter_before_step")]
)
def test_a_letter_has_a_day_that_can_be(refused: Run, asked: Run, on: str, code: str) -> None:
    """Not tomorrow, and not before the step that it tells of."""
    assert refused("notice", asked(), "--on", on)["error"] == code


def test_an_issued_letter_keeps_its_day(done: Run, refused: Run, asked: Run) -> None:
    """Asking for another day is refused; the letter would have to be withdrawn first."""
    number = asked()
    assert done("notice", number, "--on", "2026-11-06", "--json").json["on"] == "2026-11-06"

    assert refused("notice", number, "--on", "2026-11-07")["error"] == "letter_issued_on_another_day"


def test_a_missing_fact_is_refused_with_its_command(
    refused: Run, done: Run, registered: Run, moved: Run
) -> None:
    """A letter that lacks a fact is not issued; a draft shows the gap, has no number, records nothing."""
    number = registered()
    moved(number, "accept@2026-11-03", "decide@2026-11-20 --outcome withheld.internal_affairs")

    error = refused("notice", number)
    assert error["error"] == "notice_lacks_facts"
    assert "amend" in error["hint"]
    draft = done("notice", number, "--draft", "-o", "draft.txt", "--json").json
    assert (draft["draft"], draft["number"], len(draft["gaps"])) == (True, None, 1)
    assert "草稿" in Path("draft.txt").read_text("utf-8")
    assert done("notice", number, "--list", "--json").json == []


def test_a_reply_without_a_way_named_goes_the_way_that_was_asked_for(
    done: Run, registered: Run, moved: Run
) -> None:
    """条例40: the form is the one the applicant asked for, where the decision names no other."""
    number = registered()
    moved(number, "accept@2026-11-03", "decide@2026-11-20 --outcome disclosed.provided")

    assert "按照您要求的形式" in done("notice", number, "--json").out


@pytest.mark.parametrize("form", FORMATS)
def test_a_draft_records_nothing_in_any_format(done: Run, asked: Run, dump: Run, form: str) -> None:
    """A draft is marked as one and leaves the office as it was."""
    number = asked()
    before = dump()

    done("notice", number, "--draft", "-o", f"draft.{form}")

    assert Path(f"draft.{form}").stat().st_size
    assert dump() == before


def test_no_letter_goes_out_for_a_void_case(refused: Run, done: Run, asked: Run) -> None:
    """A void registration has no letters."""
    number = asked()
    done("void", number, "--reason", "误登")

    assert refused("notice", number)["error"] == "letter_of_void"
    assert refused("notice", number, "--draft")["error"] == "letter_of_void"


def test_without_the_organs_code_a_number_begins_with_its_name(
    done: Run, asked: Run, set_organ: Run
) -> None:
    """A fresh office has no code yet: its name stands in, and a warning names the setting."""
    set_organ('code = "示发改公开"\n', "")
    number = asked()

    issued = done("notice", number, "-o", "letter.docx")

    assert "示例县发展和改革局告〔2026〕1号" in issued.out
    assert "code" in issued.err


def test_two_series_of_one_pattern_do_not_share_a_number(
    done: Run, refused: Run, decided: Run, set_organ: Run, folder: Path
) -> None:
    """Where an office's own catalogue gives two series one pattern, the second number is refused."""
    from requestflow.definitions.shipped import shipped

    catalogue = (shipped("notices") / "catalogue.yaml").read_text("utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "catalogue.yaml").write_text(catalogue.replace("{code}告", "{code}"), "utf-8")
    set_organ("[notices]", '[notices]\nfolder = "own"')
    number = decided()
    done("notice", number, "receipt", "--on", "2026-11-02")

    assert refused("notice", number)["error"] == "letter_number_taken"


def test_a_withdrawn_letter_makes_room_for_a_new_one(done: Run, refused: Run, asked: Run) -> None:
    """Withdrawing is an entry with a reason; the number is not used again; a new letter gets the next."""
    number = asked()
    first = done("notice", number, "--json").json["number"]

    assert refused("notice", "withdraw", first, status=2)["error"] == "reason_missing"
    done("notice", "withdraw", first, "--reason", "内容有误")
    assert refused("notice", "withdraw", first, "--reason", "又一次")["error"] == "letter_withdrawn"
    second = done("notice", number, "--json").json["number"]

    assert second == "示发改公开告〔2026〕2号"
    listed = done("show", number, "--json").json["notices"]
    assert [(one["number"], one["withdrawn"], one["reason"]) for one in listed] == [
        (first, True, "内容有误"),
        (second, False, None),
    ]
    assert done("verify", "--json").json["problems"] == []


@pytest.mark.parametrize(
    "damage",
    ["UPDATE letter_texts SET content = 'x'", "UPDATE letter_texts SET salt = 'x'",
     "DELETE FROM letter_texts"],
)  # fmt: skip
def test_a_damaged_letter_can_be_withdrawn_and_that_is_not_said_to_have_failed(
    done: Run, asked: Run, sql: Run, damage: str
) -> None:
    """What is in the chain is said to be done, though the words can no longer be read."""
    number = asked()
    letter = done("notice", number, "--json").json["number"]
    sql(damage)

    assert done("notice", "withdraw", letter, "--reason", "内容有误", "--json").json["withdrawn"]
    assert done("show", number, "--json").json["notices"][0]["withdrawn"]


def test_a_letter_is_withdrawn_by_application_and_kind(done: Run, refused: Run, asked: Run) -> None:
    """`withdraw NUMBER KIND` takes the letter of that kind that is in force."""
    number = asked()
    first = done("notice", number, "--json").json["number"]

    found = done("notice", "withdraw", number, "补正告知书", "--reason", "内容有误", "--json").json

    assert (found["number"], found["withdrawn"]) == (first, True)
    assert (
        refused("notice", "withdraw", number, "correction", "--reason", "x")["error"]
        == "no_letter_of_kind"
    )
    assert refused("notice", "withdraw", "无此号", "--reason", "x")["error"] == "letter_unknown"


def test_a_withdrawn_letter_can_still_be_seen(done: Run, refused: Run, asked: Run) -> None:
    """What was printed of it comes out by its number; nothing new is printed of it."""
    number = asked()
    first = done("notice", number, "-o", "first.txt", "--json").json["number"]
    done("notice", "withdraw", first, "--reason", "内容有误")

    done("notice", first, "-o", "again.txt")
    assert Path("first.txt").read_bytes() == Path("again.txt").read_bytes()
    assert refused("notice", first, "-o", "again.html")["error"] == "letter_withdrawn"


def test_each_party_has_its_letter(done: Run, registered: Run, moved: Run) -> None:
    """Two parties consulted have two letters of one kind; `--entry` says whose is meant."""
    number = registered()
    moved(number, "accept@2026-11-03", "consult_third_party@2026-11-04 --set party=甲公司",
          "consult_third_party@2026-11-04 --set party=乙公司")  # fmt: skip

    first = done("notice", number, "--entry", "3", "--json").json
    second = done("notice", number, "third_party_consultation", "--json").json

    assert (first["about"], second["about"]) == (3, 4)
    assert first["number"] != second["number"]
    assert "甲公司" in first["text"]
    assert "乙公司" in second["text"]


def test_a_new_decision_has_a_new_reply(done: Run, decided: Run, moved: Run) -> None:
    """A case that was reopened and decided again gets a letter of its own; the old one stays."""
    number = decided()
    first = done("notice", number, "--json").json
    moved(number, "deliver@2026-11-24", "reopen@2026-11-24",
          "decide@2026-11-24 --outcome disclosed.provided --set method=光盘")  # fmt: skip

    second = done("notice", number, "--json").json

    assert first["number"] != second["number"]
    assert "光盘" in second["text"]
    assert done("notice", first["number"], "--json").json["text"] == first["text"]


def test_a_delivery_names_the_reply_it_served(done: Run, decided: Run, moved: Run) -> None:
    """`deliver` records which letter was served, the reply in force by default; `show` tells when and how."""
    number = decided()
    letter = done("notice", number, "--on", "2026-11-20", "--json").json["number"]

    case = moved(number, "deliver@2026-11-23 --set method=post --set tracking=EMS1")

    assert case["history"][-1]["data"]["letter"] == letter
    [shown] = case["notices"]
    assert shown["delivered"] is True
    assert (shown["served"], shown["method"], shown["tracking"]) == ("2026-11-23", "post", "EMS1")


def test_only_the_reply_in_force_can_be_served(
    done: Run, refused: Run, decided: Run, moved: Run
) -> None:
    """A withdrawn reply, a letter of another kind, one of a later day: `deliver` refuses them by name."""
    number = decided()
    receipt = done("notice", number, "receipt", "--on", "2026-11-02", "--json").json["number"]
    first = done("notice", number, "--json").json["number"]
    done("notice", "withdraw", first, "--reason", "内容有误")
    second = done("notice", number, "--json").json["number"]

    for named in (receipt, first, "无此号"):
        error = refused("transition", number, "deliver", "--set", f"letter={named}")
        assert error["error"] == "letter_not_to_serve"
    error = refused("transition", number, "deliver", "--on", "2026-11-23", "--set", f"letter={second}")
    assert error["error"] == "letter_not_to_serve"
    case = moved(number, f"deliver --set letter={second}")
    assert [one["delivered"] for one in case["notices"]] == [False, False, True]


def test_a_case_without_letters_is_delivered_as_before(decided: Run, moved: Run) -> None:
    """An office that writes its letters elsewhere records the service alone."""
    case = moved(decided(), "deliver@2026-11-23")

    assert "letter" not in case["history"][-1]["data"]
    assert case["state"] == "closed"


def test_a_letter_of_the_process_is_served_when_it_was_received(done: Run, asked: Run) -> None:
    """The day of receipt recorded with the step, at once or later, is the letter's service."""
    number = asked()
    done("notice", number)
    assert done("show", number, "--json").json["notices"][0]["delivered"] is False
    done("amend", number, "--entry", "3", "--set", "notice_received=2026-11-10", "--reason", "回执寄回")

    [letter] = done("show", number, "--json").json["notices"]
    assert (letter["delivered"], letter["received"]) == (True, "2026-11-10")


def test_a_served_reply_is_withdrawn_only_where_the_case_is_open_again(
    done: Run, refused: Run, decided: Run, moved: Run
) -> None:
    """What answered the request is not just taken back: reopen, withdraw with a word, answer anew."""
    number = decided()
    letter = done("notice", number, "--json").json["number"]
    moved(number, "deliver --set method=electronic")

    error = refused("notice", "withdraw", letter, "--reason", "内容有误")
    assert error["error"] == "served_reply_stays"
    assert "reopen --set cause=own_motion" in error["hint"]
    moved(number, "reopen --set cause=own_motion")
    assert "送达" in done("notice", "withdraw", letter, "--reason", "内容有误").err
    moved(number, "decide --outcome disclosed.provided")
    second = done("notice", number, "--json").json["number"]
    case = moved(number, "deliver --set method=post")

    assert case["history"][-1]["data"]["letter"] == second
    assert done("verify", "--json").json["problems"] == []


def test_a_reply_taken_back_before_its_service_is_owed_again(
    done: Run, refused: Run, decided: Run, moved: Run
) -> None:
    """Nothing is left to serve: the answer stays owed until there is another."""
    number = decided()
    first = done("notice", number, "--json").json["number"]
    done("notice", "withdraw", first, "--reason", "内容有误")

    assert refused("transition", number, "deliver")["error"] == "only_reply_withdrawn"
    assert "answer" in [one["kind"] for one in done("due", "--json").json[0]["obligations"]]
    done("notice", number)
    assert moved(number, "deliver")["state"] == "closed"


def test_a_letter_of_the_process_says_that_its_moment_is_past(done: Run, asked: Run, moved: Run) -> None:
    """A question that was answered goes out with a word; on the day on which it did go out, without one."""
    number = asked()
    issued = done("notice", number, "--on", "2026-11-05", "--json").json["number"]
    moved(number, "receive_correction@2026-11-09")
    late = asked()
    moved(late, "receive_correction@2026-11-09")

    past = [
        done("notice", late, "correction", "--draft"),
        done("notice", late, "receipt", "--on", "2026-11-20"),
    ]
    assert ["已经过了发出的时候" in did.err for did in past] == [True, True]
    assert "已经过了发出的时候" not in done("notice", late, "correction", "--on", "2026-11-05").err
    assert done("notice", number, "correction", "--json").json["number"] == issued


def test_a_receipt_says_that_it_promises_a_day_gone_by(done: Run, registered: Run) -> None:
    """A receipt of January that tells of an answer in November last."""
    number = registered()

    assert (
        "2026-11-30，到 2027-01-20 已经过去" in done("notice", number, "--draft", today="2027-01-20").err
    )
    assert "已经过去" not in done("notice", number).err


@pytest.mark.parametrize("value", ["…", "……", "...", "＿", "××", " … "])
def test_a_placeholder_is_no_value(refused: Run, decided: Run, value: str) -> None:
    """A hint that is pasted as it stands records nothing, and the fact is named."""
    number = decided()

    fact = refused("amend", number, "--entry", 3, "--set", f"given={value}", "--reason", "补", status=2)
    reason = refused("amend", number, "--entry", 3, "--set", "given=全文", "--reason", value, status=2)
    step = refused("transition", number, "reopen", "--reason", value, status=2)
    letter = refused("transition", number, "deliver", "--set", f"tracking={value}", status=2)

    assert {one["error"] for one in (fact, reason, step, letter)} == {"no_value"}
    assert "given" in fact["message"]
    assert "邮件单号" in letter["message"]


def test_a_search_that_is_not_told_is_worth_a_word(done: Run, registered: Run, moved: Run) -> None:
    """信息不存在 with nothing on the search goes out, and the clerk is told what is missing."""
    number = registered()
    moved(number, "accept@2026-11-03", "decide@2026-11-20 --outcome unable.nonexistent")

    assert "检索查找的情况" in done("notice", number, "--json").err


@pytest.mark.parametrize(
    ("said", "warned"),
    [("2026年10月5日", True), ("示发改公开〔2026〕9号", True), ("2026年11月20日", False),
     ("2026-11-20 示发改公开〔2026〕1号", False)],
)  # fmt: skip
def test_an_earlier_reply_is_held_against_the_register(
    done: Run, decided: Run, registered: Run, moved: Run, said: str, *, warned: bool
) -> None:
    """What a clerk types of the earlier reply is compared with the letter that was issued."""
    first = decided()
    done("notice", first, "--on", "2026-11-20")
    second = registered()
    moved(second, "accept@2026-11-21")

    decision = done("transition", second, "decide", "--outcome", "not_handled.repeat", "--set",
                    f"earlier={first}", "--set", f"earlier_reply={said}")  # fmt: skip

    assert ("示发改公开〔2026〕1号”" in decision.err) == warned


def test_what_is_withheld_is_withheld_by_a_refusal(refused: Run, registered: Run, moved: Run) -> None:
    """The part that is refused falls under 14, 15 or 16; an outcome of another kind is no ground."""
    number = registered()
    moved(number, "accept@2026-11-03")

    error = refused("transition", number, "decide", "--outcome", "partial", "--set",
                    "withheld_as=unable.nonexistent")  # fmt: skip

    assert error["error"] == "withheld_as_no_refusal"


def test_a_date_that_may_move_is_kept_out_unless_the_clerk_insists(
    done: Run, refused: Run, registered: Run
) -> None:
    """A receipt whose due date lies past the known calendar is not issued; with `--provisional` it says so."""
    number = registered(received="2026-12-04", today="2026-12-07")

    assert refused("notice", number, today="2026-12-07")["error"] == "notice_date_provisional"
    letter = done("notice", number, "--provisional", "--json", today="2026-12-07").json
    assert "暂定" in letter["text"]


def test_a_lapse_on_a_provisional_day_is_said_to_be_one(
    done: Run, refused: Run, registered: Run, moved: Run
) -> None:
    """A correction that ran out on a day that may still move: a word at the step, and none in the letter."""
    today = "2027-01-12"
    number = registered(received="2026-12-10", today="2026-12-10")
    moved(number, "accept@2026-12-11",
          "request_correction@2026-12-15 --set items=名称 --set notice_received=2026-12-18",
          today="2026-12-18")  # fmt: skip

    told = done("transition", number, "lapse_correction", "--on", today, today=today)
    assert "暂定" in told.err
    assert "2027-01-11" in told.err
    assert refused("notice", number, today=today)["error"] == "notice_date_provisional"
    letter = done("notice", number, "--provisional", "--json", today=today).json
    assert "2027年1月11日（暂定）届满" in letter["text"]


def test_a_lapse_on_the_day_that_the_office_set_is_certain(
    done: Run, registered: Run, moved: Run
) -> None:
    """A day that the notice itself names hangs on no calendar."""
    today = "2027-01-12"
    number = registered(received="2026-12-10", today="2026-12-10")
    moved(number, "accept@2026-12-11",
          "request_correction@2026-12-15 --set until=2027-01-08 --set notice_received=2026-12-18",
          today="2026-12-18")  # fmt: skip

    assert done("transition", number, "lapse_correction", "--on", today, today=today).err == ""
    assert "2027年1月8日届满" in done("notice", number, "--json", today=today).json["text"]


def test_a_letter_is_listed_on_the_screens(done: Run, run: Run, decided: Run) -> None:
    """`show` and `--list` name each letter with its kind and day, and the history says it in words."""
    number = decided()
    letter = done("notice", number, "--json").json["number"]

    for words in (["show", number], ["notice", number, "--list"]):
        shown = run(*words).out
        assert letter in shown
        assert "予以公开答复书" in shown
    shown = run("show", number).out
    assert "编发文书" in shown
    assert "文书种类=" in shown
    assert "申请人类型=予以公开" not in shown
    assert done("--lang", "en", "notice", number, "--list").out


TAMPERED = {
    "words": ("UPDATE letter_texts SET content = replace(content, '补正', '改正')", "letter_changed"),
    "salt": ("UPDATE letter_texts SET salt = 'x'", "letter_changed"),
    "bytes": ("UPDATE letter_prints SET content = x'00'", "letter_print_changed"),
    "a print taken out": ("DELETE FROM letter_prints", "letter_print_changed"),
    "a print put in": ("INSERT INTO letter_prints VALUES (1, 'pdf', x'00')", "letter_print_changed"),
    "words alone taken out": ("DELETE FROM letter_texts", "letter_half_removed"),
    "number": ("UPDATE letters SET number = '另一文号'", "letter_row_differs"),
    "serial": ("UPDATE letters SET serial = 9", "letter_row_differs"),
    "series": ("UPDATE series SET last = 9 WHERE name = 'letters:notice'", "letter_series_broken"),
    "entry": ("UPDATE letters SET entry = 1", "letter_row_differs"),
}


@pytest.mark.parametrize(
    "data", ["{}", '{"letter":7}', '{"kind":"x","letter":"y","about":"z","digest":1}']
)
@pytest.mark.parametrize("transition", ["issue_letter", "print_letter", "withdraw_letter", "attach"])
def test_no_command_falls_over_a_changed_history(
    run: Run, done: Run, asked: Run, sql: Run, transition: str, data: str
) -> None:
    """An entry about a letter or a file that lacks everything is refused or named, never a fault."""
    number = asked()
    Path("scan").write_text("scan")
    letter = done("notice", number, "-o", "a.txt", "--json").json["number"]
    for words in (["notice", number, "-o", "a.html"], ["notice", "withdraw", letter, "--reason", "x"],
                  ["attach", number, "scan"]):  # fmt: skip
        done(*words)
    sql("UPDATE entries SET data = ? WHERE transition = ?", data, transition)

    assert run("verify").status == 1
    for words in (["show", number], ["show", number, "--json"], ["notice", number], ["notice", letter],
                  ["notice", number, "--list"], ["attach", number, "--list"],
                  ["notice", "withdraw", letter, "--reason", "x"], ["attach", number, "a.txt"],
                  ["attach", number, "--export", "out"], ["transition", number, "withdraw"]):  # fmt: skip
        assert run(*words).status in (0, 1), words


@pytest.mark.parametrize("kind", TAMPERED)
def test_verify_watches_the_letters(done: Run, run: Run, asked: Run, sql: Run, kind: str) -> None:
    """Words, bytes and numbers that are not as they were issued are problems of kinds of their own."""
    number = asked()
    done("notice", number)
    statement, code = TAMPERED[kind]
    sql(statement)

    found = run("verify", "--json")

    assert found.status == 1
    assert code in {problem["kind"] for problem in found.json["problems"]}
    for words in (["show", number], ["notice", number, "-o", "x.txt"], ["notice", number, "--list"]):
        assert run(*words).status in (0, 1)


def test_a_changed_letter_is_not_handed_out(done: Run, refused: Run, asked: Run, sql: Run) -> None:
    """Words that no longer match their digest are not printed as the letter."""
    number = asked()
    done("notice", number)
    sql(TAMPERED["words"][0])

    assert refused("notice", number, "-o", "x.txt")["error"] == "letter_changed"


def test_letters_can_be_removed_and_the_chain_holds(
    done: Run, refused: Run, asked: Run, sql: Run
) -> None:
    """Words and prints name people: removed together, number and history stay, and everything holds."""
    number = asked()
    done("notice", number)
    sql("DELETE FROM letter_prints")
    sql("DELETE FROM letter_texts")

    assert done("verify", "--json").json["problems"] == []
    assert refused("notice", number, "-o", "x.txt")["error"] == "letter_removed"
    assert done("notice", number, "--list", "--json").json[0]["number"] == "示发改公开告〔2026〕1号"


HOSTILE = ["{{ 7*7 }}", "{% raw %}", "&<>\"'", "𠮷野家䶮", "🙂", "长" * 1000]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:8])
def test_a_name_is_only_a_name(done: Run, registered: Run, name: str) -> None:
    """Whatever an applicant is called, the letter says it, and nothing is worked out from it."""
    number = registered(name=name)

    text = done("notice", number, "--json").json["text"]
    for form in FORMATS:
        done("notice", number, "-o", f"letter.{form}")

    assert name in text
    assert done("verify", "--json").json["holds"] is True


def test_an_offices_own_master_sets_its_letters(
    done: Run, asked: Run, set_organ: Run, folder: Path
) -> None:
    """A `styles/letter.docx` in the office's folder of letters is used instead of the shipped one."""
    import io

    from docx import Document

    from requestflow.definitions.shipped import shipped

    (folder / "notices" / "styles").mkdir(parents=True)
    master = folder / "notices" / "styles" / "letter.docx"
    document = Document(shipped("notices") / "styles" / "letter.docx")
    document.paragraphs[0].insert_paragraph_before("本单位的抬头")
    document.styles["公文正文"].font.name = "Arial"
    document.save(master)
    set_organ("[notices]", '[notices]\nfolder = "notices"')
    set_organ("red_head = false", "red_head = true")

    done("notice", asked(), "-o", "letter.docx")

    made = Document(io.BytesIO(Path("letter.docx").read_bytes()))
    assert [p.text for p in made.paragraphs[:3]] == [
        "本单位的抬头", "示例县发展和改革局", "示发改公开告〔2026〕1号",
    ]  # fmt: skip
    assert made.styles["公文正文"].font.name == "Arial"
    assert done("notices", "check", "--json").json["holds"]


def test_a_master_that_leaves_something_out_issues_no_letter(
    run: Run, refused: Run, asked: Run, set_organ: Run, folder: Path
) -> None:
    """Neither a number nor an entry for half a letter; `notices check` finds it before anybody writes one."""
    from docx import Document

    from requestflow.definitions.shipped import shipped

    (folder / "notices" / "styles").mkdir(parents=True)
    document = Document(shipped("notices") / "styles" / "letter.docx")
    for paragraph in document.paragraphs:
        if paragraph.style.name == "公文日期":
            paragraph.text = ""
    document.save(folder / "notices" / "styles" / "letter.docx")
    set_organ("[notices]", '[notices]\nfolder = "notices"')

    error = refused("notice", asked(), "-o", "letter.docx")
    assert (error["error"], "日期" in error["message"]) == ("master_lacks", True)
    assert not Path("letter.docx").exists()
    checked = run("notices", "check", "--json")
    assert checked.status == 1
    [problem] = checked.json["problems"]
    assert (problem["error"], problem["where"]) == ("master_lacks", "styles/letter.docx")


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ([], 2, "missing_parameter"),
        (["withdraw"], 2, "missing_parameter"),
        (["2026-0001", "correction", "x"], 2, "extra_arguments"),
        (["2026-0001", "nosuch"], 1, "unknown_notice"),
        (["2026-0001", "fee"], 1, "notice_not_here"),
        (["2026-0001", "--entry", "2"], 1, "entry_has_no_letter"),
        (["2026-0099"], 1, "application_unknown"),
        (["2026-0001", "--by", "nobody"], 2, "unknown_person"),
    ],
)
def test_what_is_no_order_is_refused(
    refused: Run, asked: Run, words: list[str], status: int, code: str
) -> None:
    """A kind that is none, one the case does not have, a person nobody knows: refused by name."""
    asked()

    assert refused("notice", *words, status=status)["error"] == code


@pytest.mark.parametrize(("until", "warned"), [("2026-11-09", False), ("2026-11-20", True)])
def test_a_decision_before_the_reasons_are_due_is_worth_a_word(
    done: Run, registered: Run, moved: Run, until: str, warned: bool
) -> None:
    """Art. 35: deciding that there are no good reasons, while they may still come, is said at once."""
    number = registered()
    moved(number, "accept@2026-11-03", f"request_reasons@2026-11-04 --until {until}")

    found = done(
        "transition", number, "decide", "--outcome", "not_handled.excessive", "--on", "2026-11-10"
    )

    assert ("说明理由" in found.err) == warned
    assert (until in found.err) == warned


def test_one_decision_has_one_reply(done: Run, refused: Run, registered: Run, moved: Run) -> None:
    """The reply on a corrected record is the decision's reply; a second one needs the first withdrawn."""
    number = registered()
    moved(number, "accept@2026-11-03",
          "decide@2026-11-20 --outcome other.other --set result=已更正 --set reason=录入有误")  # fmt: skip
    first = done("notice", number, "correction_of_record", "--json").json

    again = done("notice", number, "--json").json
    error = refused("notice", number, "other")

    assert (again["number"], again["kind"]) == (first["number"], "correction_of_record")
    assert error["error"] == "reply_in_force"
    assert first["number"] in error["hint"]
    done("notice", "withdraw", first["number"], "--reason", "应为其他处理")
    assert done("notice", number, "--json").json["kind"] == "other"
    assert refused("notice", number, "correction_of_record")["error"] == "reply_in_force"


def test_a_service_without_a_reply_is_worth_a_word(done: Run, decided: Run, set_organ: Run) -> None:
    """What is served was issued before: said when nothing was, and again when the reply comes later."""
    number = decided()

    served = done("transition", number, "deliver", "--on", "2026-11-23")
    issued = done("notice", number, "-o", "reply.txt")

    assert f"requestflow notice {number}" in served.err
    assert "--entry 4 --set letter=示发改公开〔2026〕1号" in issued.err


def test_a_reply_that_was_issued_is_served_without_a_word(done: Run, decided: Run) -> None:
    """The usual order asks nobody to do anything."""
    number = decided()
    done("notice", number, "-o", "reply.txt")

    assert done("transition", number, "deliver").err == ""


def test_withholding_for_a_third_party_without_asking_it_is_worth_a_word(
    done: Run, registered: Run, moved: Run
) -> None:
    """Art. 32: the third party is to be consulted; a decision without it is recorded, and said."""
    silent, asked = registered(), registered(subject="第二件")
    moved(silent, "accept@2026-11-03")
    moved(asked, "accept@2026-11-03", "consult_third_party@2026-11-04 --set party=甲公司",
          "conclude_third_party@2026-11-10 --set opinion=objects")  # fmt: skip

    warned = [
        done("transition", number, "decide", "--outcome", "withheld.third_party").err
        for number in (silent, asked)
    ]

    assert "征求第三方意见" in warned[0]
    assert warned[1] == ""


def test_a_wrong_entry_is_answered_with_the_right_ones(
    refused: Run, registered: Run, moved: Run
) -> None:
    """`--entry` that is no such step: it is said, and the entries that have the letter are named."""
    number = registered()
    moved(number, "accept@2026-11-03", "consult_third_party@2026-11-04 --set party=甲公司",
          "consult_third_party@2026-11-04 --set party=乙公司")  # fmt: skip

    named = refused("notice", number, "third_party_consultation", "--entry", "9")
    plain = refused("notice", number, "--entry", "2")

    assert (named["error"], plain["error"]) == ("notice_of_other_entry", "entry_has_no_letter")
    assert "3、4" in named["message"]
    assert "1、3、4" in plain["message"]


def test_a_fee_notice_names_the_way_to_pay(
    done: Run, refused: Run, registered: Run, moved: Run, set_organ: Run
) -> None:
    """109号: without the way to pay there is no fee notice; the refusal names the setting."""
    number = registered()
    moved(number, "accept@2026-11-03", "charge_fee@2026-11-04 --set pages=250")

    error = refused("notice", number)
    set_organ("[organ]", '[organ]\npayment = "到示例银行缴纳"')

    assert error["error"] == "notice_lacks_facts"
    assert "[organ] payment" in error["hint"]
    assert "缴费方式：到示例银行缴纳。" in done("notice", number, "--json").json["text"]


def test_a_repeated_request_names_the_reply_that_it_had(
    done: Run, decided: Run, registered: Run, moved: Run
) -> None:
    """Art. 36(6): the register knows the earlier reply's day and number, so nobody has to copy them."""
    first = decided()
    reply = done("notice", first, "--on", "2026-11-20", "--json").json["number"]
    second = registered()

    moved(
        second,
        "accept@2026-11-21",
        f"decide@2026-11-23 --outcome not_handled.repeat --set earlier={first}",
    )

    assert f"（2026年11月20日，{reply}）" in done("notice", second, "--json").json["text"].replace(
        "\n", ""
    )
