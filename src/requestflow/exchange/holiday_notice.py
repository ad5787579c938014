"""Holiday notices of the State Council as they are published, read into days.

A notice is read holiday by holiday and sentence by sentence. What it states twice must agree: weekdays
with the real ones, numbers of days with the days. A sentence with a day or a number that is not
understood is a finding, never skipped: half a calendar is worse than none.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from requestflow.errors import Finding
from requestflow.exchange.holiday_days import SHOWN, DayLedger, HolidayNotice
from requestflow.exchange.notice_paragraph import Paragraph
from requestflow.exchange.notice_words import (
    HOLIDAYS,
    LINE_END,
    NUMERAL,
    PLAIN_DAY,
    Script,
    canonical_name,
    known_names,
    script_of,
)
from requestflow.exchange.written_dates import YEARS, parse_day

_HEADING = re.compile(
    rf"(?:{NUMERAL}、|\((?:{NUMERAL})\)|(?<![0-9])[0-9]{{1,2}}[.、]|—+)(?:[0-9]{{4}}年)?"
    rf"(?P<name>{HOLIDAYS}|[^0-9:,。;()]{{2,30}}?|[^:,。;()月]{{2,40}}?(?=:))"
    rf"(?:放假安排|放假|假期)?(?::|(?={PLAIN_DAY}))"
    rf"|(?P<known>{HOLIDAYS})(?:放假安排|放假|假期)?:"
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


def read_notice(
    text: str, *, file: str, year: int | None = None
) -> tuple[HolidayNotice | None, list[Finding]]:
    """The days that the text of a notice declares, or all that keeps it from being read.

    Args:
        text: the notice as pasted or saved; blanks and line ends may stand anywhere in it.
        file: the name that findings point at, with the line.
        year: the year of a text that does not state it; where it does, both must agree.
    """
    script = script_of(text)
    ledger = DayLedger(file)
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


def _stated_year(script: Script) -> int | None:
    """The year that the title or the lead names, else the last one that stands in a day."""
    named = _YEAR.search(script.text)
    if named:
        found = [int(named["a"] or named["b"] or named["c"])]
    else:
        end = _END.search(script.text)
        found = [int(year) for year in _DAYS_YEAR.findall(script.text[: end.start() if end else None])]
    return max((year for year in found if year in YEARS), default=None)


def _published(text: str, script: Script, ledger: DayLedger) -> date | None:
    """The day under the notice: after the office's name, else alone on the last line that is a day."""
    signed = list(_SIGNED.finditer(script.text))
    if signed:
        day = parse_day(signed[-1][1])
        if day is None:
            ledger.find("not_a_day", script.line(signed[-1].start(1)), text=signed[-1][1])
        return day
    written = (unicodedata.normalize("NFKC", line) for line in reversed(LINE_END.split(text)))
    return next((day for line in written if "年" in line and (day := parse_day(line))), None)


def _paragraphs(script: Script, ledger: DayLedger, year: int) -> list[Paragraph]:
    """The notice's paragraphs, read; a notice on a single holiday names it in its title only."""
    headings = list(_HEADING.finditer(script.text))
    if not headings:
        return _single(script, ledger, year)
    paragraphs = []
    ends = [heading.start() for heading in headings[1:]] + [len(script.text)]
    for heading, end in zip(headings, ends, strict=True):
        known = heading["known"] or re.fullmatch(HOLIDAYS, heading["name"])
        paragraph = Paragraph(script, ledger, canonical_name(heading["known"] or heading["name"]), year)
        paragraph.read(heading.end(), _end(script, heading.end(), end))
        if not paragraph.off and paragraph.sound and known:
            shown = script.text[heading.start() : end][:SHOWN]
            paragraph.fault("notice_not_understood", heading.start(), text=shown)
        if known or paragraph.off or not paragraph.sound:
            paragraphs.append(paragraph)
    _check_announced(script, ledger, paragraphs)
    return paragraphs


def _end(script: Script, begin: int, end: int) -> int:
    """Where a paragraph ends: at the closing words or the signature, if they come before `end`."""
    closing = _END.search(script.text, begin, end)
    return closing.start() if closing else end


def _begin(text: str) -> int:
    """Where the days of such a notice begin: after the opening words, the last ones before any day."""
    begins = [begin.end() for begin in _BEGIN.finditer(text)]
    first = re.compile(PLAIN_DAY).search(text, begins[0] if begins else 0)
    if first is None:
        return len(text)
    return max((begin for begin in begins if begin <= first.start()), default=first.start())


def _single(script: Script, ledger: DayLedger, year: int) -> list[Paragraph]:
    """The only paragraph of a notice on one holiday (调整2019年劳动节假期安排), named by the title."""
    title = _TITLE.search(script.text)
    begin = _begin(script.text)
    end = _end(script, begin, len(script.text))
    name = canonical_name(title["name"]) if title else ""
    paragraph = Paragraph(script, ledger, name, year)
    paragraph.read(begin, end)
    if paragraph.off and not name:
        paragraph.fault("notice_not_understood", begin, text=script.text[begin:end][:SHOWN])
    return [paragraph] if paragraph.off or not paragraph.sound else []


def _check_announced(script: Script, ledger: DayLedger, paragraphs: Iterable[Paragraph]) -> None:
    """Every holiday that the opening sentence announces has its paragraph: else the text is cut."""
    lead = _LEAD.search(script.text)
    if lead is None:
        return
    read = {part for paragraph in paragraphs for part in paragraph.name.split("、")}
    for name in known_names(lead[0]):
        if name not in read:
            ledger.find("holiday_not_arranged", script.line(lead.start()), holiday=name)


def _enter(paragraphs: list[Paragraph], ledger: DayLedger) -> None:
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
