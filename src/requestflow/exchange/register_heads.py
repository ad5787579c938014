"""The heads of a register: which field each stands for, in the office's words or in ours."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from requestflow.domain.expectations import not_toml
from requestflow.errors import Finding, FoundProblems
from requestflow.exchange.register_tables import Head
from requestflow.exchange.written_texts import decoded
from requestflow.files import file_bytes

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "number": "申请编号",
        "received": "收到日期",
        "submitted": "提交日期",
        "name": "申请人",
        "kind": "申请人类型",
        "channel": "申请渠道",
        "subject": "内容描述",
        "state": "办理状态",
        "outcome": "办理结果",
        "decided": "答复日期",
        "extended_to": "延期至",
        "contact": "联系方式",
        "id_number": "证件号码",
        "note": "备注",
    }
)
"""Field code and Chinese head, in the order of the columns."""
DATE_FIELDS = frozenset({"received", "submitted", "decided", "extended_to"})
NEEDED_FIELDS = ("received", "kind")
FIGURE_FIELDS = frozenset({"number", "contact", "id_number"})
"""Rows of figures that are names, not amounts; a spreadsheet likes to spoil them."""

_MOST_OF_A_MAPPING = 1024 * 1024


def read_mapping(path: Path) -> dict[str, str]:
    """Own heads and their fields from a TOML file of lines such as `"来件日" = "received"`.

    Raises:
        NotFound: there is no such file.
        Refused: the file cannot be opened.
        FoundProblems: it is no TOML file, or names an unknown field or a head twice.
    """
    findings: list[Finding] = []
    mapping: dict[str, str] = {}
    seen: dict[str, str] = {}
    for head, field in _toml(path).items():
        if not isinstance(field, str) or field not in FIELDS:
            near = _nearest(str(field), {_key(code): code for code in FIELDS})
            facts = {"head": head, "field": str(field), "near": near}
            findings.append(Finding("unknown_field", path.name, facts))
        elif _key(head) in seen:
            facts = {"head": head, "first": seen[_key(head)]}
            findings.append(Finding("doubled_head", path.name, facts))
        else:
            seen[_key(head)] = head
            mapping[head] = field
    if findings:
        raise FoundProblems("bad_mapping", findings, file=str(path))
    return mapping


def _toml(path: Path) -> dict[str, object]:
    text = decoded(file_bytes(path, _MOST_OF_A_MAPPING), path.name)
    if isinstance(text, Finding):
        raise FoundProblems("bad_mapping", [text], file=str(path))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        fault = not_toml(error, path.name)
        raise FoundProblems("bad_mapping", [fault], file=str(path)) from error


def _key(head: str) -> str:
    """A head without the ways in which it may differ: width, case, white space, underscores."""
    plain = unicodedata.normalize("NFKC", head).casefold()
    return "".join(mark for mark in plain if mark.isprintable() and mark not in " _")


def _nearest(text: str, known: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(_key(text), known, n=1)
    return known[near[0]] if near else ""


def fields_of(
    file: str, heads: Sequence[Head], mapping: Mapping[str, str], findings: list[Finding]
) -> list[str | None] | None:
    """The field of each column, None for one without a head; None altogether if heads are wrong."""
    known = {_key(code): (code, code) for code in FIELDS}
    known |= {_key(head): (head, code) for code, head in FIELDS.items()}
    known |= {_key(head): (head, code) for head, code in mapping.items()}
    wrong: list[Finding] = []
    places: dict[str, str] = {}
    fields: list[str | None] = []
    for head in heads:
        where = f"{file}:{head.line}:{head.column}"
        _, field = known.get(_key(head.text), ("", None))
        fields.append(field)
        if field in places:
            facts = {"head": head.text, "first": places[field]}
            wrong.append(Finding("doubled_head", where, facts))
        elif field:
            places[field] = where
        elif head.text:
            near = _nearest(head.text, {key: shown for key, (shown, _) in known.items()})
            wrong.append(Finding("unknown_head", where, {"head": head.text, "near": near}))
    where = f"{file}:{heads[0].line}"
    missing = [FIELDS[field] for field in NEEDED_FIELDS if field not in places]
    wrong += [Finding("missing_head", where, {"head": head}) for head in missing]
    findings += wrong
    return None if wrong else fields
