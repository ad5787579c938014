"""What a holiday notice says of one holiday: days or spans of days, then what happens on them."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from requestflow.exchange.holiday_days import SATURDAY, SHOWN, DayLedger, belongs, days_between
from requestflow.exchange.notice_words import TO, WEEK, N, Script, in_figures

_DAY = timedelta(days=1)
_LONGEST = 31


def _day_pattern(n: int) -> str:
    return rf"(?:(?P<year{n}>[0-9]{{4}})年)?(?:(?P<month{n}>[0-9]{{1,2}})月)?(?P<day{n}>[0-9]{{1,3}})"


def _note_pattern(n: int) -> str:
    return rf"(?:\((?P<note{n}>[^()]*)\)|(?P<bare{n}>(?:星期|周)[{WEEK}天]))?"


_SPAN = (
    rf"(?<![0-9]){_day_pattern(1)}"
    rf"(?:[日号]{_note_pattern(1)}|(?={TO}(?:[0-9]{{4}}年)?(?:[0-9]{{1,2}}月)?[0-9]{{1,3}}[日号]))"
    rf"(?P<to>{TO}(?:{_day_pattern(2)}[日号]{_note_pattern(2)})?)?"
)
_TOKEN = re.compile(
    rf"(?P<span>{_SPAN})"
    r"|(?P<extend>延长(?:[0-9]{4}年)?[^0-9,。;]{2,20}假期[至到])"
    r"|(?P<move>公休日?[^0-9,。;]{0,12}?调整?[至到])"
    r"|(?P<resume>起[^0-9,。;]{0,4}上班)"
    r"|(?P<work>(?<!不)上班)"
    rf"|(?P<total>共(?P<run>{N})[天日])"
    r"|(?P<off>(?<!不)(?:放假|补休|调休|公休(?!日)|为公休日|法定节?假日)"
    rf"(?:(?:调休|公休|放假)*(?P<own>{N})天)?)"
    r"|(?P<stop>[,;])"
)
_SENTENCE = re.compile("[^。]+(。)?")
_WEEKDAY = re.compile(rf"(星期|周)([{WEEK}天])")
_ADVICE = re.compile("鼓励|建议|提倡|有条件")
_CHANGE = re.compile("取消|不再|改为|除外")
_CUT = re.compile("[,、共至到和及与调公补不放上延]$")


class Paragraph:
    """What a notice says of one holiday; days wait until the sentence says what happens on them."""

    def __init__(self, script: Script, ledger: DayLedger, name: str, year: int) -> None:
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
        self._broken = bool(
            _CHANGE.search(sentence[0]) or (not sentence[1] and _CUT.search(sentence[0]))
        )
        self._joined |= "连休" in sentence[0]
        for token in _TOKEN.finditer(self._script.text, *sentence.span()):
            getattr(self, f"_{token.lastgroup}")(token)
        self._settle()
        unread = re.search("[0-9]", _TOKEN.sub("", sentence[0]))
        if self._waiting or self._broken or unread:
            self.fault("notice_not_understood", sentence.start(), text=sentence[0][:SHOWN])
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
        self._waiting |= dict.fromkeys(days_between(first, last), line)

    def _read_day(self, token: re.Match[str], n: int) -> date | None:
        """One day of a span; a month or year that it leaves out is that of the day before."""
        index = token.start(f"year{n}" if token[f"year{n}"] else f"day{n}")
        index = min(index, token.start(f"month{n}")) if token[f"month{n}"] else index
        text = self._script.text[index : token.end(f"day{n}")] + "日"
        self._month = token[f"month{n}"] or self._month
        day = self._resolve(token[f"year{n}"], self._month, int(token[f"day{n}"]))
        if day is None:
            self.fault("not_a_day", index, text=text)
        elif not belongs(day, self._year):
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
        real = WEEK[day.weekday()]
        if stated and stated[2].replace("天", "日") != real:
            self.fault("notice_weekday_wrong", index, day=day, stated=stated[0], real=stated[1] + real)

    def _off(self, token: re.Match[str]) -> None:
        stated, found = token["own"], len(self._waiting)
        if stated and found:
            self._own_count = True
            if in_figures(stated) != found:
                self._count_wrong(token.start(), in_figures(stated), found)
        self.off |= self._waiting
        self._waiting = {}

    def _count_wrong(self, index: int, stated: int, found: int) -> None:
        self.fault("notice_count_wrong", index, holiday=self.name, stated=stated, found=found)

    def _work(self, _token: re.Match[str]) -> None:
        self.make_up |= self._waiting
        self._waiting = {}

    def _resume(self, _token: re.Match[str]) -> None:
        """`2月3日起正常上班`: an ordinary working day is no make-up day."""
        self.make_up |= {d: line for d, line in self._waiting.items() if d.weekday() >= SATURDAY}
        self._waiting = {}

    def _move(self, _token: re.Match[str]) -> None:
        """`…公休日调至…`: the first days are worked unless the holiday covers them, the others off."""
        self._moved |= self._waiting
        self._waiting = {}
        self._due = "off"

    def _extend(self, _token: re.Match[str]) -> None:
        self._due = "extend"

    def _total(self, token: re.Match[str]) -> None:
        self.total = (self.total or 0) + in_figures(token["run"])

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

        It is said (与周末连休), or the holiday is given as single days without a number (放假, 补休).
        """
        if self.extended:
            return False
        return self._joined or not (self._spans or self._own_count or self.total == len(self.off))

    def join_weekend(self, taken: Collection[date]) -> None:
        """Adds the weekend days next to the holiday, up to one that is taken."""
        for day, line in list(self.off.items()):
            for step in (-_DAY, _DAY):
                near = day + step
                while near.weekday() >= SATURDAY and near not in taken:
                    self.off.setdefault(near, line)
                    near += step

    def check_count(self) -> None:
        """Compares the number of days that the notice states with the days themselves."""
        if self.sound and self.total is not None and self.total != len(self.off):
            self.sound = False
            stated = {"holiday": self.name, "stated": self.total, "found": len(self.off)}
            self._ledger.find("notice_count_wrong", self.line, **stated)
