"""Holiday notices of the State Council as they are published, and calendar tables (CSV), as days.

A notice is read holiday by holiday and sentence by sentence: days or spans of days, then what happens on
them (放假, 补休, 上班, 公休日调至 …). What it states twice must agree: weekdays with the real ones, numbers
of days with the days. A sentence with a day or a number that is not understood is a finding, never
skipped: half a calendar is worse than none.
"""

import csv
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO

from requestflow.errors import Finding
from requestflow.exchange.written_dates import YEARS, parse_day

_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST = 31
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one holiday; without a day off, `first` and `last` are None.

    `extends` marks a holiday whose beginning an earlier notice states: only its last day is known here.
    """

    name: str
    first: date | None
    last: date | None
    days: int
    make_up_days: tuple[date, ...]
    extends: bool = False


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """The days that one notice or table declares, with those of the neighbouring years that it names.

    Holidays that are declared together keep both names: 国庆节、中秋节. `extends` holds the new last day of
    a holiday that the notice merely prolongs (延长2020年春节假期至2月2日); `over` works out the days.
    """

    year: int
    number: str | None
    published: date | None
    days_off: Mapping[date, str]
    make_up_days: Mapping[date, str]
    extends: Mapping[str, date] = field(default_factory=dict)

    def lines(self) -> tuple[Understood, ...]:
        """What was understood, one item a holiday, in the order of their days."""
        names = dict.fromkeys([*self.days_off.values(), *self.make_up_days.values()])
        return tuple(sorted(map(self._line, names), key=lambda line: line.first or line.make_up_days[0]))

    def _line(self, name: str) -> Understood:
        off = sorted(day for day, holiday in self.days_off.items() if holiday == name)
        worked = sorted(day for day, holiday in self.make_up_days.items() if holiday == name)
        first, last = (off[0], off[-1]) if off else (None, None)
        return Understood(name, first, last, len(off), tuple(worked), name in self.extends)

    def over(self, earlier: "HolidayNotice") -> "HolidayNotice":
        """The days of the year where this notice changes only some holidays of an earlier one.

        A holiday that this notice declares replaces the earlier one of that name; one that it prolongs
        keeps its beginning, and no day of it is worked any more.
        """
        named = {*self.days_off.values(), *self.make_up_days.values()}
        replaced = {part for name in named - self.extends.keys() for part in name.split("、")}
        off = {d: name for d, name in earlier.days_off.items() if replaced.isdisjoint(name.split("、"))}
        for name, last in self.extends.items():
            begun = [day for day, holiday in off.items() if name in holiday.split("、") and day < last]
            off |= dict.fromkeys(_days(max(begun, default=last), last), name)
        off |= self.days_off
        kept = {
            day: name
            for day, name in earlier.make_up_days.items()
            if day not in off and replaced.isdisjoint(name.split("、"))
        }
        return replace(self, days_off=off, make_up_days=kept | dict(self.make_up_days), extends={})


# The words of a notice -------------------------------------------------------------------------------

_COUNT = "一二三四五六七八九十"
_WEEK = "一二三四五六日"
_N = rf"[0-9]{{1,3}}|[{_COUNT}]"
_NUMERAL = rf"[{_COUNT}]{{1,3}}"
_TO = "(?:至|到|[-—–―~]+)"
_PLAIN_DAY = "(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,3}[日号]"

_KNOWN = {
    "元旦": "元旦节?|新年",
    "春节": "春节",
    "清明节": "清明节?",
    "劳动节": "(?:[“”\"]?五一[“”\"]?)?(?:国际)?劳动节|[“”\"]?五一[“”\"]?节?",
    "端午节": "端午节?",
    "中秋节": "中秋节?",
    "国庆节": "国庆节?|[“”\"]?十一[“”\"]",
}
_HOLIDAY = "(?:" + "|".join(_KNOWN.values()) + ")"
_HOLIDAYS = f"{_HOLIDAY}(?:[、和与及]{_HOLIDAY})*"
_NAMES = [(name, re.compile(pattern)) for name, pattern in _KNOWN.items()]


def _day_pattern(n: int) -> str:
    return rf"(?:(?P<year{n}>[0-9]{{4}})年)?(?:(?P<month{n}>[0-9]{{1,2}})月)?(?P<day{n}>[0-9]{{1,3}})"


def _note_pattern(n: int) -> str:
    return rf"(?:\((?P<note{n}>[^()]*)\)|(?P<bare{n}>(?:星期|周)[{_WEEK}天]))?"


_SPAN = (
    rf"(?<![0-9]){_day_pattern(1)}"
    rf"(?:[日号]{_note_pattern(1)}|(?={_TO}(?:[0-9]{{4}}年)?(?:[0-9]{{1,2}}月)?[0-9]{{1,3}}[日号]))"
    rf"(?P<to>{_TO}(?:{_day_pattern(2)}[日号]{_note_pattern(2)})?)?"
)
_TOKEN = re.compile(
    rf"(?P<span>{_SPAN})"
    r"|(?P<extend>延长(?:[0-9]{4}年)?[^0-9,。;]{2,20}假期[至到])"
    r"|(?P<move>公休日?[^0-9,。;]{0,12}?调整?[至到])"
    r"|(?P<resume>起[^0-9,。;]{0,4}上班)"
    r"|(?P<work>(?<!不)上班)"
    rf"|(?P<total>共(?P<run>{_N})[天日])"
    r"|(?P<off>(?<!不)(?:放假|补休|调休|公休(?!日)|为公休日|法定节?假日)"
    rf"(?:(?:调休|公休|放假)*(?P<own>{_N})天)?)"
    r"|(?P<stop>[,;])"
)
_SENTENCE = re.compile("[^。]+(。)?")
_WEEKDAY = re.compile(rf"(星期|周)([{_WEEK}天])")
_ADVICE = re.compile("鼓励|建议|提倡|有条件")
_CHANGE = re.compile("取消|不再|改为|除外")
_CUT = re.compile("[,、共至到和及与调公补不放上延]$")

_HEADING = re.compile(
    rf"(?:{_NUMERAL}、|\((?:{_NUMERAL})\)|(?<![0-9])[0-9]{{1,2}}[.、]|—+)(?:[0-9]{{4}}年)?"
    rf"(?P<name>{_HOLIDAYS}|[^0-9:,。;()]{{2,30}}?|[^:,。;()月]{{2,40}}?(?=:))"
    rf"(?:放假安排|放假|假期)?(?::|(?={_PLAIN_DAY}))"
    rf"|(?P<known>{_HOLIDAYS})(?:放假安排|放假|假期)?:"
)
_TITLE = re.compile(
    r"(?:(?:关于|现将)(?:调整|延长)?|调整|延长)(?:[0-9]{4}年)?(?P<name>[^,。;:《》]{2,40}?)(?:调休|放假|假期)"
)
_LEAD = re.compile(r"(?:现将|国务院批准)[^。:]{0,80}放假")
_BEGIN = re.compile(r"(?:如下(?:调休|安排)?|通知)[。:]")
_END = re.compile("节假日期间|假日期间|通知要求|国务院办公厅|国务院(?=[0-9]{4}年)")

_YEAR = re.compile(
    r"(?P<a>[0-9]{4})年部分节假日|(?:关于|现将)(?:调整|延长)?(?P<b>[0-9]{4})年|延长(?P<c>[0-9]{4})年"
)
_DAYS_YEAR = re.compile(r"(?<![0-9])([0-9]{4})年[0-9]{1,2}月[0-9]{1,3}[日号]")
_NUMBER = re.compile(r"(?<!\()(国[办发函明电]{1,5})[〔\[(【]([0-9]{4})[〕\])】]第?([0-9]{1,4})号")
_DIGIT = "[0-9〇○◯零一二三四五六七八九十]"
_SIGNED = re.compile(
    rf"国务院(?:办公厅)?({_DIGIT}{{4}}年{_DIGIT}{{1,2}}月{_DIGIT}{{1,3}}日)(?![发公印下电])"
)
_PAGE_NUMBER = re.compile(r"\s*[-—–]+\s*[0-9]+\s*[-—–]+\s*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def _canonical(name: str) -> str:
    """A holiday's name as the year files write it; names that are not known stay as they are."""
    if not re.fullmatch(_HOLIDAYS, name):
        return name.strip("“”\"'")
    return "、".join(_known_names(name))


def _known_names(text: str) -> list[str]:
    """The known holidays that a text names, in its order."""
    parts = re.findall(_HOLIDAY, text)
    return [next(name for name, known in _NAMES if known.fullmatch(part)) for part in parts]


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else _COUNT.index(written) + 1


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


# A text, and what is found in it ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Script:
    """A text without its blanks and in half-width signs; it knows on which line each sign stood."""

    text: str
    lines: "array[int]"

    def line(self, index: int) -> int:
        return self.lines[index] if index < len(self.lines) else 1


def _script(text: str) -> _Script:
    """The text as it is read: blanks, line ends, page numbers and invisible signs are gone."""
    signs = []
    lines = array("l")
    for number, line in enumerate(_LINE_END.split(text), 1):
        if _PAGE_NUMBER.fullmatch(line):
            continue
        for sign in line:
            plain = unicodedata.normalize("NFKC", sign)
            if unicodedata.category(plain[0])[0] not in "ZC":
                signs.append(plain if len(plain) == 1 else sign)
                lines.append(number)
    return _Script("".join(signs), lines)


class _Ledger:
    """Days off and make-up days, each with its holiday and line, and all that is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.off: dict[date, tuple[str, int]] = {}
        self.make_up: dict[date, tuple[str, int]] = {}
        self._findings: list[tuple[int, Finding]] = []

    def find(self, code: str, line: int, **facts: object) -> None:
        self._findings.append((line, Finding(code, f"{self.file}:{line}", facts)))

    def put(self, book: dict[date, tuple[str, int]], days: Mapping[date, int], name: str) -> None:
        for day, line in days.items():
            if book.setdefault(day, (name, line))[0] != name:
                self.find("notice_day_twice", line, day=day)

    def check(self) -> None:
        for day, (_, line) in self.make_up.items():
            if day.weekday() < _SATURDAY:
                self.find("make_up_on_weekday", line, day=day)
            elif day in self.off:
                self.find("make_up_on_day_off", line, day=day)

    def findings(self) -> list[Finding]:
        return [finding for _, finding in sorted(self._findings, key=lambda found: found[0])]

    def notice(
        self, year: int, number: str | None, published: date | None, extends: Mapping[str, date]
    ) -> tuple[HolidayNotice | None, list[Finding]]:
        """The notice, unless there are findings."""
        if self._findings:
            return None, self.findings()
        off = {day: name for day, (name, _) in sorted(self.off.items())}
        make_up = {day: name for day, (name, _) in sorted(self.make_up.items())}
        return HolidayNotice(year, number, published, off, make_up, extends), []


def _belongs(day: date, year: int) -> bool:
    """Whether a notice may name the day: one of its year, of the December before, the January after."""
    return (day.year, day.month) in {(year - 1, 12), (year + 1, 1)} or day.year == year


# One holiday's paragraph -----------------------------------------------------------------------------


class _Paragraph:
    """What a notice says of one holiday; days wait until the sentence says what happens on them."""

    def __init__(self, script: _Script, ledger: _Ledger, name: str, year: int) -> None:
        self.name = name
        self.line = 1
        self.off: dict[date, int] = {}
        self.make_up: dict[date, int] = {}
        self.extended: date | None = None
        self.total: int | None = None
        self.sound = True
        self._script = script
        self._ledger = ledger
        self._year = year
        self._near = date(year, 1 if name.startswith("元旦") else 7, 1)
        self._month = ""
        self._moved: dict[date, int] = {}
        self._waiting: dict[date, int] = {}
        self._due = ""  # what happens on the waiting days if the clause ends without a word of its own
        self._broken = False
        self._joined = False
        self._spans = False
        self._own_count = False

    def read(self, begin: int, end: int) -> None:
        """Reads the paragraph between two places of the script."""
        self.line = self._script.line(begin)
        for sentence in _SENTENCE.finditer(self._script.text, begin, end):
            if not _ADVICE.match(sentence[0]):
                self._sentence(sentence)
        for day, line in self._moved.items():
            if day not in self.off:
                self.make_up.setdefault(day, line)

    def _sentence(self, sentence: re.Match[str]) -> None:
        self._broken = bool(_CHANGE.search(sentence[0]) or (not sentence[1] and _CUT.search(sentence[0])))
        self._joined |= "连休" in sentence[0]
        for token in _TOKEN.finditer(self._script.text, *sentence.span()):
            getattr(self, f"_{token.lastgroup}")(token)
        self._settle()
        unread = re.search("[0-9]", _TOKEN.sub("", sentence[0]))
        if self._waiting or self._broken or unread:
            self.fault("notice_not_understood", sentence.start(), text=sentence[0][:_SHOWN])
        self._waiting = {}

    def fault(self, code: str, index: int, **facts: object) -> None:
        """Notes a finding at a place of the script."""
        self.sound = False
        self._ledger.find(code, self._script.line(index), **facts)

    def _span(self, token: re.Match[str]) -> None:
        first = self._read_day(token, 1)
        last = self._read_day(token, 2) if token["day2"] else first
        if token["to"]:
            self._spans = True
            self._broken |= token["day2"] is None
        if first is None or last is None:
            return
        if not first <= last <= first + _LONGEST * _DAY:
            self.fault("notice_range_wrong", token.start(), text=token[0])
            return
        line = self._script.line(token.start())
        self._waiting |= dict.fromkeys(_days(first, last), line)

    def _read_day(self, token: re.Match[str], n: int) -> date | None:
        """One day of a span; a month or year that it leaves out is that of the day before."""
        index = token.start(f"year{n}" if token[f"year{n}"] else f"day{n}")
        index = min(index, token.start(f"month{n}")) if token[f"month{n}"] else index
        text = self._script.text[index : token.end(f"day{n}")] + "日"
        self._month = token[f"month{n}"] or self._month
        day = self._resolve(token[f"year{n}"], self._month, int(token[f"day{n}"]))
        if day is None:
            self.fault("not_a_day", index, text=text)
        elif not _belongs(day, self._year):
            self.fault("day_of_another_year", index, text=text)
        else:
            self._near = day
            self._check_weekday(day, token[f"note{n}"] or token[f"bare{n}"] or "", index)
            return day
        return None

    def _resolve(self, year: str | None, month: str, day: int) -> date | None:
        """The day; without a year, the one that lies nearest to the day before it in the text."""
        try:
            if year:
                return date(int(year), int(month), day)
            nearby = range(self._near.year - 1, self._near.year + 2)
            rough = [date(number, int(month), min(day, 28)) for number in nearby]
            return min(rough, key=lambda one: abs(one - self._near)).replace(day=day)
        except ValueError:
            return None

    def _check_weekday(self, day: date, note: str, index: int) -> None:
        stated = _WEEKDAY.search(note)
        real = _WEEK[day.weekday()]
        if stated and stated[2].replace("天", "日") != real:
            self.fault("notice_weekday_wrong", index, day=day, stated=stated[0], real=stated[1] + real)

    def _off(self, token: re.Match[str]) -> None:
        stated, found = token["own"], len(self._waiting)
        if stated and found:
            self._own_count = True
            if _number(stated) != found:
                self._count_wrong(token.start(), _number(stated), found)
        self.off |= self._waiting
        self._waiting = {}

    def _count_wrong(self, index: int, stated: int, found: int) -> None:
        self.fault("notice_count_wrong", index, holiday=self.name, stated=stated, found=found)

    def _work(self, _token: re.Match[str]) -> None:
        self.make_up |= self._waiting
        self._waiting = {}

    def _resume(self, _token: re.Match[str]) -> None:
        """`2月3日起正常上班`: an ordinary working day is no make-up day."""
        self.make_up |= {d: line for d, line in self._waiting.items() if d.weekday() >= _SATURDAY}
        self._waiting = {}

    def _move(self, _token: re.Match[str]) -> None:
        """`…公休日调至…`: the first days are worked unless the holiday covers them, the others off."""
        self._moved |= self._waiting
        self._waiting = {}
        self._due = "off"

    def _extend(self, _token: re.Match[str]) -> None:
        self._due = "extend"

    def _total(self, token: re.Match[str]) -> None:
        self.total = (self.total or 0) + _number(token["run"])

    def _stop(self, token: re.Match[str]) -> None:
        self._settle()
        self._broken |= token[0] == ";" and bool(self._waiting)

    def _settle(self) -> None:
        """At the end of a clause, what is due happens on the days that wait."""
        if self._due and self._waiting:
            if self._due == "extend":
                self.extended = max(self._waiting)
            self.off |= self._waiting
            self._waiting = {}
        self._due = ""

    def joins_weekend(self) -> bool:
        """Whether the adjoining weekend days belong to the holiday.

        It is said (与周末连休), or the holiday is given as single days without their number (放假, 补休).
        """
        if self.extended:
            return False
        return self._joined or not (self._spans or self._own_count or self.total == len(self.off))

    def join_weekend(self, taken: Collection[date]) -> None:
        """Adds the weekend days next to the holiday, up to one that is taken."""
        for day, line in list(self.off.items()):
            for step in (-_DAY, _DAY):
                near = day + step
                while near.weekday() >= _SATURDAY and near not in taken:
                    self.off.setdefault(near, line)
                    near += step

    def check_count(self) -> None:
        """Compares the number of days that the notice states with the days themselves."""
        if self.sound and self.total is not None and self.total != len(self.off):
            self.sound = False
            stated = {"holiday": self.name, "stated": self.total, "found": len(self.off)}
            self._ledger.find("notice_count_wrong", self.line, **stated)


# The whole notice ------------------------------------------------------------------------------------


def read_notice(
    text: str, *, file: str, year: int | None = None
) -> tuple[HolidayNotice | None, list[Finding]]:
    """The days that the text of a notice declares, or all that keeps it from being read.

    Args:
        text: the notice as pasted or saved; blanks and line ends may stand anywhere in it.
        file: the name that findings point at, with the line.
        year: the year of a text that does not state it; where it does, both must agree.
    """
    script = _script(text)
    ledger = _Ledger(file)
    stated = _stated_year(script)
    if stated and year and stated != year:
        ledger.find("notice_of_another_year", 1, year=stated, asked=year)
    number = _NUMBER.search(script.text)
    published = _published(text, script, ledger)
    chosen = stated or year
    if chosen is None:
        ledger.find("notice_without_year", 1)
        return None, ledger.findings()
    paragraphs = _paragraphs(script, ledger, chosen)
    _enter(paragraphs, ledger)
    return ledger.notice(
        chosen,
        f"{number[1]}〔{number[2]}〕{number[3]}号" if number else None,
        published,
        {part.name: part.extended for part in paragraphs if part.extended},
    )


def _stated_year(script: _Script) -> int | None:
    """The year that the title or the lead names, else the last one that stands in a day."""
    named = _YEAR.search(script.text)
    if named:
        found = [int(named["a"] or named["b"] or named["c"])]
    else:
        end = _END.search(script.text)
        found = [int(year) for year in _DAYS_YEAR.findall(script.text[: end.start() if end else None])]
    return max((year for year in found if year in YEARS), default=None)


def _published(text: str, script: _Script, ledger: _Ledger) -> date | None:
    """The day under the notice: after the office's name, else alone on the last line that is a day."""
    signed = list(_SIGNED.finditer(script.text))
    if signed:
        day = parse_day(signed[-1][1])
        if day is None:
            ledger.find("not_a_day", script.line(signed[-1].start(1)), text=signed[-1][1])
        return day
    written = (unicodedata.normalize("NFKC", line) for line in reversed(_LINE_END.split(text)))
    return next((day for line in written if "年" in line and (day := parse_day(line))), None)


def _paragraphs(script: _Script, ledger: _Ledger, year: int) -> list[_Paragraph]:
    """The notice's paragraphs, read; a notice on a single holiday names it in its title only."""
    headings = list(_HEADING.finditer(script.text))
    if not headings:
        return _single(script, ledger, year)
    paragraphs = []
    ends = [heading.start() for heading in headings[1:]] + [len(script.text)]
    for heading, end in zip(headings, ends, strict=True):
        known = heading["known"] or re.fullmatch(_HOLIDAYS, heading["name"])
        paragraph = _Paragraph(script, ledger, _canonical(heading["known"] or heading["name"]), year)
        paragraph.read(heading.end(), _end(script, heading.end(), end))
        if not paragraph.off and paragraph.sound and known:
            shown = script.text[heading.start() : end][:_SHOWN]
            paragraph.fault("notice_not_understood", heading.start(), text=shown)
        if known or paragraph.off or not paragraph.sound:
            paragraphs.append(paragraph)
    _check_announced(script, ledger, paragraphs)
    return paragraphs


def _end(script: _Script, begin: int, end: int) -> int:
    """Where a paragraph ends: at the closing words or the signature, if they come before `end`."""
    closing = _END.search(script.text, begin, end)
    return closing.start() if closing else end


def _single(script: _Script, ledger: _Ledger, year: int) -> list[_Paragraph]:
    """The only paragraph of a notice on one holiday (调整2019年劳动节假期安排), named by the title."""
    title = _TITLE.search(script.text)
    begins = [begin.end() for begin in _BEGIN.finditer(script.text)]
    first = re.search(_PLAIN_DAY, script.text)
    begin = begins[-1] if begins else first.start() if first else len(script.text)
    end = _end(script, begin, len(script.text))
    name = _canonical(title["name"]) if title else ""
    paragraph = _Paragraph(script, ledger, name, year)
    paragraph.read(begin, end)
    if paragraph.off and not name:
        paragraph.fault("notice_not_understood", begin, text=script.text[begin:end][:_SHOWN])
    return [paragraph] if paragraph.off or not paragraph.sound else []


def _check_announced(script: _Script, ledger: _Ledger, paragraphs: Iterable[_Paragraph]) -> None:
    """Every holiday that the opening sentence announces needs its paragraph: else the text is cut off."""
    lead = _LEAD.search(script.text)
    if lead is None:
        return
    read = {part for paragraph in paragraphs for part in paragraph.name.split("、")}
    for name in _known_names(lead[0]):
        if name not in read:
            ledger.find("notice_not_understood", script.line(lead.start()), text=name)


def _enter(paragraphs: list[_Paragraph], ledger: _Ledger) -> None:
    """Brings the paragraphs together: weekends joined, numbers and make-up days checked."""
    if not paragraphs:
        ledger.find("notice_empty", 1)
    for paragraph in paragraphs:
        ledger.put(ledger.off, paragraph.off, paragraph.name)
        ledger.put(ledger.make_up, paragraph.make_up, paragraph.name)
    for paragraph in paragraphs:
        if paragraph.joins_weekend():
            paragraph.join_weekend({*ledger.make_up, *(ledger.off.keys() - paragraph.off.keys())})
            ledger.put(ledger.off, paragraph.off, paragraph.name)
        paragraph.check_count()
    ledger.check()


# A calendar as a table -------------------------------------------------------------------------------

_KINDS = {"off": "off", "放假": "off", "休": "off", "work": "work", "上班": "work", "班": "work"}
_HEADER = {"date": 0, "日期": 0, "kind": 1, "类型": 1, "类别": 1, "name": 2, "名称": 2, "节日": 2}


def read_calendar_table(text: str, *, file: str) -> tuple[HolidayNotice | None, list[Finding]]:
    """The days of a CSV table with the columns date, kind (off, work, 放假, 上班) and name.

    A heading may name the columns in any order (日期, 类型, 名称). Make-up days may stand without a name.
    The year is the one that most days lie in.
    """
    ledger = _Ledger(file)
    for line, cells in _rows(text, ledger):
        day, kind, name = parse_day(cells[0]), _KINDS.get(cells[1].lower()), cells[2]
        if day is None:
            ledger.find("not_a_day", line, text=cells[0][:_SHOWN])
        elif kind is None or not (name or kind == "work"):
            ledger.find("notice_not_understood", line, text=",".join(cells)[:_SHOWN])
        else:
            ledger.put(ledger.off if kind == "off" else ledger.make_up, {day: line}, name)
    years = Counter(day.year for day in [*ledger.off, *ledger.make_up])
    year = max(years, key=lambda number: years[number], default=0)
    if not years and not ledger.findings():
        ledger.find("notice_empty", 1)
    for day, (_, line) in [*ledger.off.items(), *ledger.make_up.items()]:
        if not _belongs(day, year):
            ledger.find("day_of_another_year", line, text=day.isoformat())
    ledger.check()
    return ledger.notice(year, None, None, {})


def _rows(text: str, ledger: _Ledger) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The rows that are not empty, each with its line and its cells in the order date, kind, name."""
    plain = text.removeprefix("\ufeff")
    head = plain.partition("\n")[0]
    reader = csv.reader(StringIO(plain), delimiter=next((sign for sign in "\t;" if sign in head), ","))
    order: tuple[int, ...] = (0, 1, 2)
    first = True
    try:
        for row in reader:
            cells = [unicodedata.normalize("NFKC", cell).strip() for cell in row]
            named = [_HEADER.get(cell.lower(), -1) for cell in cells]
            if first and 0 in named:
                order = tuple(named.index(n) if n in named else len(row) for n in range(3))
            elif any(cells):
                yield reader.line_num, _three(cells, order)
            first = first and not any(cells)
    except csv.Error as error:
        ledger.find("notice_not_understood", reader.line_num, text=str(error))


def _three(cells: list[str], order: tuple[int, ...]) -> tuple[str, str, str]:
    date_cell, kind, name = (cells[n] if n < len(cells) else "" for n in order)
    return date_cell, kind, name
