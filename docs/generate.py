"""Writes the pages that are made from the program itself: the command reference and the glossary.

python docs/generate.py          writes docs/reference/cli.md and docs/glossary.md
python docs/generate.py --check  says whether they are stale
"""

import io
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path

from requestflow.cli.main import command_names, main
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.workflow import Words

HERE = Path(__file__).parent
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
    ("勾稽关系", "identity", "an equation that an annual table must keep; `Identity`"),
    ("更正", "amendment", "a new entry that corrects a recorded fact; `amend`"),
    ("删去", "strike", "an amendment by which an entry never happened"),
    ("作废", "void", "a mistaken registration, out of every figure, its number kept"),
    ("登记册", "register", "a file of applications to import"),
    ("开关", "switch", "a point that the law leaves open, with the option in force"),
    ("条件", "guard", "what must hold before a transition; a function known by name"),
    ("拒绝", "refused", "a no with its reason; nothing has changed"),
    ("问题", "finding", "a problem that a check has found; `Finding`"),
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


def glossary() -> str:
    """One word for one thing: the workflow's terms, the forms', the engine's."""
    flow, forms = load_workflow(workflow_path("disclosure"))
    parts = [
        "# Glossary\n",
        "One word for one thing, the same in code, database, command line and documents.",
        "Made from the workflow file and the forms by `python docs/generate.py`.\n",
    ]
    parts += _table("The engine's terms", ENGINE_TERMS)
    for title, known in (
        ("States", {s.name: s.words for s in flow.states.values()}),
        ("Transitions", {t.name: t.words for t in flow.transitions.values()}),
        ("Outcomes", {o.code: o.words for o in flow.outcomes.values()}),
        ("Limits", {x.name: x.words for x in flow.limits.values()}),
        ("Switches", {s.name: s.words for s in flow.switches.values()}),
        ("Channels", {c.name: c.words for c in flow.channels.values()}),
        ("Roles", dict(flow.roles)),
        ("Applicant kinds", {c.code: c.words for c in forms[flow.forms[-1]].columns}),
    ):
        parts += _table(title, _terms(known))
    return "\n".join(parts).rstrip() + "\n"


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
    return 0


if __name__ == "__main__":
    sys.exit(run("--check" in sys.argv))
