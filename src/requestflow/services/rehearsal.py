"""A sample office's year, worked with the same commands that a clerk uses.

The register has the proportions of a published annual table (its source stands in `samples/`); days,
subjects and applicants are made up by rule, and nothing is left to chance.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from requestflow.definitions.shipped import CONFIG, shipped
from requestflow.domain.calendar import Calendar
from requestflow.errors import Refused
from requestflow.services.office import RuleBook

Run = Callable[[Sequence[str]], int]
Say = Callable[[str], None]

YEAR = 2025
TODAY = date(2026, 1, 12)  # when the clerk sits down to the year's table
_BEGUN = date(YEAR, 11, 26)  # when the office took the program up and brought its register in
_OFFICE = "示例县人民政府"
_SUBJECTS = (
    "土地征收补偿安置方案",
    "建设项目环境影响评价批复",
    "年度部门预算执行情况",
    "规划许可及附图",
    "农村危房改造补助名单",
    "公办学校招生划片方案",
    "道路工程招标投标文件",
    "饮用水水源水质监测结果",
    "拆迁补偿标准及依据",
    "行政处罚决定书",
    "会议纪要及请示",
    "企业稳岗补贴发放情况",
)
_CHANNELS = ("互联网", "邮寄", "当面提交", "互联网", "平常信函")
_STRIDE = 61  # spreads kinds and outcomes over the year: no factor in common with the rows' number
_EXTENDED, _LATE = 17, 50  # every 17th answer came after an extension; one came late
_CARRIED_IN = 4
_LIVE = 8


@dataclass(frozen=True, slots=True)
class _Row:
    received: date
    kind: str
    outcome: str = ""
    decided: date | None = None
    extended_to: date | None = None


def _proportions(book: RuleBook) -> Iterator[tuple[str, str]]:
    """Applicant kind and annual row of each case of the published table."""
    published = json.loads((shipped("samples") / "annual-table-2023.json").read_text("utf-8"))
    form = book.forms[published["form"]]
    for row in form.results:
        for kind, figure in zip(form.kinds, published["rows"][row], strict=False):
            yield from [(kind, row)] * (figure or 0)


def _concluded(book: RuleBook) -> Iterator[_Row]:
    """The cases of the published table, received and answered before the program was taken up."""
    calendar = book.calendar
    cases = list(_proportions(book))
    days = calendar.between(date(YEAR, 1, 1), date(YEAR, 10, 24))
    for place in range(len(cases)):
        kind, outcome = cases[place * _STRIDE % len(cases)]
        received = calendar.after(date(YEAR, 1, 1), 1 + place * (days - 1) // len(cases))
        due = calendar.after(received, 20)
        decided = calendar.after(received, 4 + place * 5 % 16)
        extended_to = None
        if place and place % _EXTENDED == 0:
            extended_to = calendar.after(due, 15)
            decided = calendar.after(due, 2)
        elif place == _LATE:
            decided = calendar.after(due, 2)
        yield _Row(received, kind, _outcome(book, outcome, place), decided, extended_to)


def _outcome(book: RuleBook, row: str, place: int) -> str:
    """The name of an outcome of an annual row; by turns where the row has several."""
    form = book.workflow.forms[-1]
    fitting = [o for o in book.workflow.outcomes.values() if o.rows.get(form) == row]
    return fitting[place % len(fitting)].words.zh


def _carried_in(calendar: Calendar) -> Iterator[_Row]:
    for place in range(_CARRIED_IN):
        received = date(YEAR - 1, 12, 10 + 4 * place)
        yield _Row(received, "natural_person", "予以公开", calendar.after(received, 17))


def sample_rows(book: RuleBook) -> list[_Row]:
    """The sample register, in order of receipt."""
    rows = [*_concluded(book), *_carried_in(book.calendar)]
    return sorted(rows, key=lambda row: row.received)


def write_register(path: Path, book: RuleBook) -> int:
    """Writes the sample register as a CSV file with Chinese heads, and gives its length."""
    rows = sample_rows(book)
    heads = (
        "收到日期",
        "申请人",
        "申请人类型",
        "申请渠道",
        "内容描述",
        "办理结果",
        "答复日期",
        "延期至",
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        for place, row in enumerate(rows, start=1):
            subject = f"{row.received.year}年{_SUBJECTS[place % len(_SUBJECTS)]}"
            days = (row.decided, row.extended_to)
            writer.writerow([
                row.received, f"申请人{place:03}", book.kinds[row.kind],
                _CHANNELS[place % len(_CHANNELS)], subject, row.outcome, *(d or "" for d in days),
            ])  # fmt: skip
    return len(rows)


_KINDS = ("natural_person", "natural_person", "natural_person", "enterprise")


def _live(calendar: Calendar, first: int) -> list[tuple[date, list[str]]]:
    """What came in and was done since: eight cases, each day's commands on its own day."""
    received = [calendar.after(_BEGUN, 1 + 3 * place) for place in range(_LIVE)]
    work: list[tuple[date, list[str]]] = []

    def step(place: int, days: int, name: str, *more: str) -> None:
        number = f"{YEAR}-{first + place:04}"
        work.append((calendar.after(received[place], days), ["transition", number, name, *more]))

    for place, day in enumerate(received):
        kind = _KINDS[place % len(_KINDS)]
        work.append((day, ["register", "--kind", kind, "--name", f"申请人{first + place:03}",
                           "--channel", "online", "--received", day.isoformat(),
                           "--subject", f"{YEAR}年{_SUBJECTS[place]}"]))  # fmt: skip
        if place < _LIVE - 1:
            step(place, 0, "accept")
    step(0, 15, "extend", "--by", "head", "--days", "15", "--reason", "需要检索大量档案")
    step(1, 3, "request_correction", "--days", "10")
    step(1, 8, "receive_correction")
    step(2, 2, "consult_third_party", "--set", "party=示例公司")
    step(2, 4, "consult_organ", "--set", "party=示例县自然资源局")
    step(2, 10, "conclude_third_party", "--set", "party=示例公司", "--set", "opinion=objects")
    step(3, 3, "consult_third_party")
    step(3, 13, "conclude_third_party", "--set", "opinion=agrees")
    step(4, 4, "request_reasons")
    step(4, 9, "receive_reasons", "--set", "reasonable=是")
    step(5, 3, "charge_fee", "--set", "pages=150", "--set", "amount=1700")
    step(6, 4, "decide", "--outcome", "partial")
    step(6, 5, "deliver", "--set", "method=post")
    return sorted(work, key=lambda item: item[0])


def _commands(folder: Path, calendar: Calendar, first: int) -> Iterator[tuple[date, list[str]]]:
    table = str(folder / f"table-{YEAR}.json")
    yield _BEGUN, ["init", str(folder), "--office", _OFFICE]
    yield _BEGUN, ["import", str(folder / "register.csv")]
    yield from _live(calendar, first)
    for words in (
        ["due"],
        ["deadline", f"{YEAR}-{first + 3:04}"],
        ["deadline", f"{YEAR}-{first + 4:04}", "--assume", "extend@2026-01-12"],
        ["rollup", str(YEAR)],
        ["rollup", str(YEAR), "--cell", "carried_out:total"],
        ["rollup", str(YEAR), "-o", table],
        ["check", table],
        ["verify"],
    ):
        yield TODAY, words


def rehearse(folder: Path | None, lang: str, run: Run, say: Say) -> int:
    """Works through the sample year, showing each command before it is run.

    Args:
        folder: where the office is made; a folder of its own in the system's temporary one if None.
        lang: language of the output.
        run: runs one command line and gives its exit status.
        say: prints a line.

    Returns:
        0, or the exit status of the command that failed.

    Raises:
        Refused: the folder holds something already.
    """
    place = folder or Path(tempfile.mkdtemp(prefix="requestflow-"))
    if place.exists() and any(place.iterdir()):
        raise Refused("folder_not_empty", folder=str(place))
    book = RuleBook()
    received = [row for row in sample_rows(book) if row.received.year == YEAR]
    for today, words in _commands(place, book.calendar, len(received) + 1):
        if words[0] == "import":
            write_register(place / "register.csv", book)
        say(f"\n$ requestflow --today {today} " + " ".join(words))
        options = ["--config", str(place / CONFIG), "--today", today.isoformat()]
        status = run([*options, "--lang", lang, *words])
        if status:
            return status
    return 0
