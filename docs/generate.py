"""Writes the pages that are made from the program itself: the command reference and the glossary.

python docs/generate.py          writes docs/reference/cli.md and docs/glossary.md
python docs/generate.py --check  says whether they are stale
"""

import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from requestflow.cli.main import command_names, main
from requestflow.definitions.notice_catalogue import load_notice_catalogue, notice_folders
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.workflow import Effect, Words, Workflow
from requestflow.messages.catalogue import Catalogue

HERE = Path(__file__).resolve().parent
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
ENGINE_TERMS = (
    ("申请", "application", "the record of a request; `applications`"),
    ("案件", "case", "an application with its history replayed; `domain/case.py`"),
    ("办理记录", "ledger entry", "one fact of a history, never changed; `Entry`"),
    ("记录链", "chain", "an office's entries, each with the digest of the one before it"),
    ("步骤", "transition", "a rule by which a case moves from state to state; `Transition`"),
    ("状态", "state", "where a case is; `State`"),
    ("办理现状", "standing", "all that is known of a case after some entries; `Standing`"),
    ("计时", "clock", "the answer clock, a fold over the history; `Clock`"),
    ("工作日", "working day", "Monday to Friday not declared off, and make-up days; `Calendar`"),
    ("调休上班日", "make-up day", "a weekend day that is worked; `make_up_days`"),
    ("暂定", "provisional", "past the last published calendar year; may still move"),
    ("时限", "obligation", "a limit at work in a case, with its own due date; `Obligation`"),
    ("不计入", "excluded", "working days of a pause; `excluded_days`"),
    ("办理结果", "outcome", "how a case ends, in law; `Outcome`"),
    ("年度表的行", "row", "where an outcome stands in the annual table; `Row`"),
    ("救济", "remedy", "review first (A), free choice (B), both (C)"),
    ("结转", "carry-over", "received and not concluded when the year ends"),
    (
        "办结年终",
        "close of a year",
        "tables frozen, open cases carried over, year locked; `year close`",
    ),
    (
        "重开",
        "reopening of a year",
        "a closed year opened again, its tables kept; `year reopen`",
    ),
    (
        "冻结的表",
        "frozen table",
        "what a close has counted, with what stands behind it; `years`",
    ),
    ("账面", "books of a day", "what had been recorded when a day ended; `--known-on`"),
    ("复议、诉讼", "dispute", "a review or a suit; `Dispute`, table four"),
    (
        "共同被告",
        "co-defendant",
        "the reviewing organ in a suit; counted at the organ that acted",
    ),
    ("汇总", "aggregate", "the sum over an office and those below it; `summed`"),
    ("垂直管理", "led from above", "reports up a line of its own; `vertical`"),
    ("勾稽关系", "identity", "an equation that an annual table must keep; `Identity`"),
    ("更正", "amendment", "a new entry that corrects a recorded fact; `amend`"),
    ("删去", "strike", "an amendment by which an entry never happened"),
    ("作废", "void", "a mistaken registration, out of every figure, its number kept"),
    ("汇总表", "aggregate", "the sum of subordinate tables; `merge`, `total`"),
    ("来源", "source", "a subordinate table inside an aggregate, with its digest; `Source`"),
    ("未载明", "not stated", "a figure that a table leaves out; null, never 0"),
    ("无法判断", "not assessable", "a table that states too little to be judged; a verdict of its own"),
    ("可能的原因", "explanation", "figures whose change would repair what is broken; `Explanation`"),
    ("已核不报", "dismissal", "a finding let stand, with a reason on record; `--dismiss`"),
    ("编发", "issue", "a letter gets its number and is kept as it is; `notice`"),
    ("撤回文书", "withdrawn", "an issued letter that does not hold; its number is not used again"),
    ("送达", "service", "how and when a letter reached its addressee; `Service`"),
    ("版式文件", "master", "the Word file that letters are set in; `notices/styles/letter.docx`"),
    ("附件", "attachment", "a file laid into a case, kept by its content; `Attachment`"),
    ("登记册", "register", "a file of applications to import"),
    ("开关", "switch", "a point that the law leaves open, with the option in force"),
    ("条件", "guard", "what must hold before a transition; a function known by name"),
    ("拒绝", "refused", "a no with its reason; nothing has changed; `Refused`"),
    ("问题", "finding", "a problem that a check has found; `Finding`"),
    ("办理日期", "legal day", "the day on which something counts as done; `on`, given by `--on`"),
    ("记录时刻", "moment of recording", "when it was written down, in UTC; `recorded_at`"),
    ("首日不计", "day 0", "the day of the event, which no period counts"),
    ("征求意见", "consultation", "a third party or an organ is asked, and the clock waits"),
    ("逾期未答复", "silence", "no opinion within the limit: the clock runs on by itself"),
    ("逾期", "late", "done after its day; recorded all the same, and flagged"),
    ("已逾期", "overdue", "still owed after its day; worked out when asked, never a state"),
    ("待送达", "to be delivered", "decided and not served: the answer is still owed"),
    ("链尾摘要", "last digest", "what `verify` prints; kept elsewhere it proves the whole chain"),
    ("依据", "basis", "where a rule stands: `条例33`; `Basis`"),
    ("效力层级", "grade", "how firm a rule is; `Grade`"),
    ("年度表", "annual table", "tables three and four of the annual report; `AnnualTable`"),
    ("报告格式", "form", "the layout of the table by report year, `2019` or `2021`; `Form`"),
    ("承办科室", "undertaking unit", "who does the work inside the office; `[units]`, `assign`"),
    ("提醒", "reminder", "what is told of one duty to one addressee at one stage; never twice"),
    ("提醒单", "digest", "all reminders of a day for one addressee by one channel; `Digest`"),
    ("认领", "claim", "written before a digest goes out, so that no other pass sends it too"),
    ("年度报告", "annual report", "six sections with tables two, three and four; `report`"),
    ("按期答复", "on time", "served by the due date, 235号; `timeliness`"),
    ("原期限", "original due date", "the due date without any extension; `original_due`"),
    ("主动公开数字", "figures of table two", "what an office keeps itself; `Publication`"),
    ("文稿", "prose", "the office's own text of the report; `--prose`"),
    ("草稿", "draft", "a report made in spite of problems, marked on every page"),
    ("对照文件", "mapping", "a file that says which head of a register is which field"),
    ("文书", "letter", "what is written to somebody at a step or for an outcome; `Letter`"),
    ("文书种类", "kind of letter", "what a letter belongs to and needs; `NoticeKind`"),
    ("文书目录", "catalogue of letters", "`notices/catalogue.yaml`; `NoticeCatalogue`"),
    ("模板", "template", "the words of a kind of letter, `notices/*.j2`"),
    ("部件", "part", "what templates share, `notices/parts/`"),
    ("文号", "letter number", "of a yearly series without gaps; `Series`"),
    ("缺项", "gap", "a fact that a letter lacks, and what records it; `Gap`"),
    ("收费标准", "tariff", "the tiers of a processing fee; `Tariff`"),
    ("救济规则", "remedy rule", "what a decision says of remedies from a day on; `RemedyRule`"),
)
ENGINE_ACTS = (
    ("登记", "registration", "`register`"),
    ("登记册所载结果", "result as the register states it", "`import`"),
    ("更正", "correction", "`amend`"),
    ("作废", "voided", "`void`"),
    ("期限重算", "due date worked out anew", "`recalculate`"),
    ("交办", "assigned to a unit", "`assign`"),
    ("科室签收", "signed for by the unit", "`sign_for`"),
    ("科室退回", "given back by the unit", "`hand_back`"),
)
OFFICE_ACTS = (
    ("登记复议、诉讼", "a review or suit is recorded", "`open_dispute`"),
    ("登记审理结果", "how it ended", "`close_dispute`"),
    ("更正复议、诉讼", "its facts corrected", "`amend_dispute`"),
    ("作废复议、诉讼", "taken out of every figure", "`void_dispute`"),
    ("办结年终", "a year closed", "`close_year`"),
    ("重开年度", "a closed year opened again", "`reopen_year`"),
    ("发布、报送", "a report published, a total handed in", "`hand_in`"),
    ("撤销发布记录", "that record taken back", "`take_back`"),
    ("增设单位", "another office founded", "`add_office`"),
    ("调整单位", "an office moved", "`move_office`"),
    ("接续文号", "a series of letter numbers goes on from a paper book", "`continue_series`"),
)
STATUSES = (
    ("正在计时", "the clock runs", "`running`"),
    ("停止计时", "the clock is paused", "`paused`"),
    ("计时已结束", "the clock has ended", "`ended`"),
)
GRADES = (
    ("法律条文", "the words of a law, regulation or national notice", "`text`"),
    ("办理规范", "processing norm", "`norm`"),
    ("通行做法", "common practice", "`practice`"),
    ("本程序的理解", "our reading, which settings can change", "`reading`"),
)
REMEDIES = (
    ("复议前置", "review first", "`A`"),
    ("复议或者诉讼", "review or suit, by choice", "`B`"),
    ("兼有", "review first for what is withheld, by choice for the rest", "`C`"),
    ("无", "none", "`-`"),
)


def _page(*words: str) -> str:
    shown = io.StringIO()
    with redirect_stdout(shown):
        main([*words, "--help"])
    return shown.getvalue().rstrip()


def commands() -> str:
    """Every command's help page, in both languages."""
    parts = [
        "# Commands\n",
        "Made from the program by `python docs/generate.py`. The JSON documents stand in",
        "[json.md](json.md). Exit status: 0 done, 1 refused or a check failed (nothing changed),",
        "2 wrong usage, 70 an unexpected fault (one line, and where the log is), 130 interrupted.\n",
    ]
    for name in ["", *command_names()]:
        parts.append(f"## requestflow {name}".rstrip() + "\n")
        for lang in ("en", "zh"):
            parts += ["```text", _page("--lang", lang, *name.split()), "```\n"]
    return "\n".join(parts).rstrip() + "\n"


def _table(title: str, rows: Iterable[tuple[str, str, str]]) -> list[str]:
    lines = [f"## {title}\n", "| 中文 | English | code |", "| --- | --- | --- |"]
    return [*lines, *(f"| {zh} | {en} | {code} |" for zh, en, code in rows), ""]


def _terms(known: dict[str, Words]) -> list[tuple[str, str, str]]:
    return [(words.zh, words.en, f"`{code}`") for code, words in known.items()]


def _effects() -> list[tuple[str, str, str]]:
    zh, en = Catalogue("zh"), Catalogue("en")
    keys = [(f"effect_{effect.value}", effect.value) for effect in Effect]
    return [(zh.text(key), en.text(key), f"`{code}`") for key, code in keys]


def _facts(flow: Workflow) -> Iterable[tuple[str, str, str]]:
    """What a transition records: `--set NAME=VALUE`, its choices behind it."""
    for act in flow.transitions.values():
        for fact in act.facts.values():
            yield fact.words.zh, fact.words.en, f"`{act.name}` `{fact.name}`"
            for choice, words in fact.choices.items():
                yield words.zh, words.en, f"`{act.name}` `{fact.name}={choice}`"


def glossary() -> str:
    """One word for one thing: the workflow's terms, the forms', the engine's."""
    flow, forms = load_workflow(workflow_path("disclosure"))
    letters = load_notice_catalogue(flow, notice_folders())
    parts = [
        "# Glossary\n",
        "One word for one thing, the same in code, database, command line and documents.",
        "Made from the workflow file, the forms and the catalogue of letters by",
        "`python docs/generate.py`.\n",
    ]
    parts += _table("The engine's terms", ENGINE_TERMS)
    parts += _table("Acts that every workflow has", ENGINE_ACTS)
    parts += _table("Acts of the office itself", OFFICE_ACTS)
    parts += _table("The answer clock", STATUSES)
    parts += _table("Effects on the answer clock", _effects())
    parts += _table("Grades of a rule", GRADES)
    parts += _table("Remedies", REMEDIES)
    for title, known in (
        ("States", {s.name: s.words for s in flow.states.values()}),
        ("Transitions", {t.name: t.words for t in flow.transitions.values()}),
        ("Outcomes", {o.code: o.words for o in flow.outcomes.values()}),
        ("Limits", {x.name: x.words for x in flow.limits.values()}),
        ("Switches", {s.name: s.words for s in flow.switches.values()}),
        ("Channels", {c.name: c.words for c in flow.channels.values()}),
        ("Forms of supply", dict(flow.supply)),
        ("Roles", dict(flow.roles)),
        ("Letters", {k.code: k.words for k in letters.kinds.values()}),
        ("Facts of a letter", {f.name: f.words for f in letters.facts.values()}),
        ("Applicant kinds", {c.code: c.words for c in forms[flow.forms[-1]].columns}),
    ):
        parts += _table(title, _terms(known))
    parts += _table("Facts of a transition", _facts(flow))
    return "\n".join(parts).rstrip() + "\n"


def _shown(words: list[str]) -> list[str]:
    """What a command prints, as a page shows it: no blank lines, digests left out."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        main(words)
    text = re.sub(r"[0-9a-f]{64}", "…", out.getvalue())
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _retold(block: str) -> str:
    """A console block with what its commands print now; one that shows no output keeps it so."""
    told: list[str] = []
    silent = not any(line.strip() and not line.startswith("$ ") for line in block.splitlines())
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        told.append(line)
        words = shlex.split(line[2:], comments=True)
        if words[0] == "cd":
            os.chdir(words[1])
        else:
            printed = _shown(words[1:])
            told += [] if silent else printed
    return "\n".join(told) + "\n"


def tutorial(path: Path) -> str:
    """A tutorial whose commands were run in an empty folder, in order."""
    text = path.read_text("utf-8")
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return CONSOLE.sub(lambda m: f"```console\n{_retold(m.group(1))}```", text)
        finally:
            os.chdir(here)


def pages() -> dict[Path, str]:
    """Every generated page and what it should say."""
    return {HERE / "reference" / "cli.md": commands(), HERE / "glossary.md": glossary()}


def run(check: bool) -> int:
    stale = [path for path, text in pages().items()
             if not path.exists() or path.read_text("utf-8") != text]  # fmt: skip
    if check:
        print("\n".join(f"stale: {path.name}" for path in stale) or "current")
        return int(bool(stale))
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    for name in ("tutorial.md", "tutorial.zh.md"):
        (HERE / name).write_text(tutorial(HERE / name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run("--check" in sys.argv))
