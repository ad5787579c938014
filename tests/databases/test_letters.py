"""Letters and files on a file and on a server: the same numbers, the same bytes, the same refusals."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.bootstrap import open_office
from requestflow.errors import Refused
from requestflow.services import correspondence
from requestflow.services.letter_numbers import continue_series
from requestflow.services.letter_orders import Order

Run = Callable[..., Any]
TODAY = date(2026, 11, 24)
BOOK = ("notices", "continue", "reply", "--last", "37", "--reason", "纸质登记簿编至2026年10月")
ANSWERED = ("accept@2026-11-03", "decide@2026-11-20 --outcome disclosed.provided")

pytestmark = pytest.mark.slow


def number(serial: int) -> str:
    return f"示发改公开〔2026〕{serial}号"


def test_a_letter_is_issued_given_again_and_taken_back(
    done: Run, refused: Run, registered: Run, tmp_path: Path
) -> None:
    """One number, the same bytes ever after; a withdrawn number is not used again."""
    case, first, again = registered(*ANSWERED), tmp_path / "first.docx", tmp_path / "again.docx"

    assert done("notice", case, "-o", first, "--json").json["number"] == number(1)
    assert done("notice", number(1), "-o", again, "--json").json["new"] is False
    assert first.read_bytes() == again.read_bytes()
    done("notice", "withdraw", number(1), "--reason", "内容有误")
    assert refused("notice", "withdraw", number(1), "--reason", "内容有误") == "letter_withdrawn"
    assert done("notice", case, "-o", tmp_path / "new.docx", "--json").json["number"] == number(2)
    done("transition", case, "deliver", "--on", "2026-11-24", "--set", "method=post")
    told = done("notice", case, "--list", "--json").json
    assert [(one["number"], one["withdrawn"], one["served"]) for one in told] == [
        (number(1), True, None), (number(2), False, "2026-11-24"),
    ]  # fmt: skip
    assert done("verify", "--json").json["holds"]


def test_numbers_go_on_from_a_paper_book(done: Run, refused: Run, registered: Run) -> None:
    """37 on paper, 38 here; once a letter is issued, where it began is fixed."""
    case = registered(*ANSWERED)
    done(*BOOK)
    assert refused(*BOOK) == "series_unchanged"

    assert done("notice", case, "--json").json["number"] == number(38)
    assert refused("notices", "continue", "reply", "--last", "50", "--reason", "x") == "series_begun"
    assert done("notices", "series", "--json").json[0]["last"] == 38
    assert done("verify", "--json").json["holds"]


def test_processes_that_issue_at_once_get_numbers_in_a_row(
    at_once: Run, done: Run, rows: Run, registered: Run
) -> None:
    """Four letters issued at once get four numbers in a row, and nobody sees an error."""
    cases = [registered(*ANSWERED) for _ in range(4)]
    done(*BOOK)

    told = at_once([("notice", case) for case in cases])

    assert {one["number"] for one in told} == {number(serial) for serial in range(38, 42)}
    assert rows("SELECT last FROM series WHERE name = 'letters:reply'") == [(41,)]
    assert done("verify", "--json").json["holds"]


def test_of_processes_that_issue_one_letter_all_get_the_same(
    at_once: Run, done: Run, rows: Run, registered: Run, tmp_path: Path
) -> None:
    """The same letter asked for by four at once is issued once; each is given the same bytes."""
    case, files = registered(*ANSWERED), [tmp_path / f"{place}.docx" for place in range(4)]

    told = at_once([("notice", case, "-o", file) for file in files])

    assert sum(one["new"] for one in told) == 1
    assert len({file.read_bytes() for file in files}) == 1
    assert rows("SELECT serial FROM letters") == [(1,)]
    assert done("verify", "--json").json["holds"]


def test_a_series_that_is_joined_while_letters_go_out_has_no_gap(
    done: Run, folder: Path, registered: Run
) -> None:
    """Either the book came first and all follow it, or a letter did and the book is refused."""
    cases = [registered(*ANSWERED) for _ in range(5)]

    def act(place: int) -> str | None:
        office = open_office(folder / "config.toml", TODAY)
        try:
            if place == 2:
                continue_series(office, "reply", year=2026, last=37, reason="纸质登记簿")
                return None
            handed = correspondence.issue(office, cases[place], Order())
        except Refused as refusal:
            return refusal.code
        return handed.record.number if handed.record else None

    with ThreadPoolExecutor(5) as clerks:
        said = list(clerks.map(act, range(5)))

    first = 1 if said.pop(2) == "series_begun" else 38
    assert sorted(said) == sorted(number(serial) for serial in range(first, first + 4))
    assert done("verify", "--json").json["holds"]


def test_a_fee_is_charged_and_told(done: Run, refused: Run, registered: Run) -> None:
    """What the pages cost stands in the history and in the notice; both standards at once are refused."""
    case = registered("accept@2026-11-03")
    both = ("charge_fee", "--on", "2026-11-20", "--set", "pages=250", "--set", "items=35")
    assert refused("transition", case, *both) == "two_fee_standards"
    done("transition", case, "charge_fee", "--on", "2026-11-20", "--set", "pages=250")

    told = done("notice", case, "--json").json
    assert "以上合计4700元（大写：肆仟柒佰元整）。" in told["text"]
    assert done("show", case, "--json").json["history"][2]["data"]["amount"] == 4700
    assert done("verify", "--json").json["holds"]


def test_files_lie_once_and_are_watched(
    done: Run, run: Run, refused: Run, registered: Run, folder: Path, tmp_path: Path
) -> None:
    """Stored once by content, listed, taken out again, and missed by `verify` when changed."""
    (tmp_path / "scan.pdf").write_bytes(b"scan")
    (tmp_path / "copy.pdf").write_bytes(b"scan")
    first, second = registered(), registered()
    done("attach", first, tmp_path / "scan.pdf", "--note", "当面提交")
    done("attach", second, tmp_path / "copy.pdf")
    assert refused("attach", first, tmp_path / "copy.pdf") == "already_attached"

    kept = [path for path in (folder / "attachments").rglob("*") if path.is_file()]
    assert len(kept) == 1
    done("attach", second, "--export", tmp_path / "out")
    assert (tmp_path / "out" / "copy.pdf").read_bytes() == b"scan"
    assert done("verify", "--json").json["holds"]
    kept[0].chmod(0o600)
    kept[0].write_bytes(b"span")
    assert {one["kind"] for one in run("verify", "--json").json["problems"]} == {"attachment_changed"}


def test_files_attached_at_once_are_all_there(
    at_once: Run, done: Run, rows: Run, registered: Run, folder: Path, tmp_path: Path
) -> None:
    """The same file laid into four cases at once lies there once, and each case has it."""
    cases = [registered() for _ in range(4)]
    (tmp_path / "scan.pdf").write_bytes(b"scan" * 10_000)

    at_once([("attach", case, tmp_path / "scan.pdf") for case in cases])

    assert len([path for path in (folder / "attachments").rglob("*") if path.is_file()]) == 1
    assert rows("SELECT count(*) FROM entries WHERE transition = 'attach'") == [(4,)]
    assert done("verify", "--json").json["holds"]
