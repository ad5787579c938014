"""What a setting or definition should have been, of a fault that a parser or checker of shapes found."""

import re
from collections.abc import Mapping
from typing import Any

from requestflow.domain.signs import A_LINE, A_SENDER, A_TIME, AN_ADDRESS
from requestflow.errors import Finding, WrongUsage

_QUOTED = re.compile("'([^']*)'")
_KINDS = {
    "greater_than_equal": "expected_at_least",
    "greater_than": "expected_more_than",
    "less_than_equal": "expected_at_most",
    "less_than": "expected_less_than",
    "string_too_short": "expected_longer",
    "string_too_long": "expected_shorter",
    "too_short": "expected_more_items",
    "too_long": "expected_fewer_items",
    "string_pattern_mismatch": "expected_pattern",
    "literal_error": "expected_choice",
    "enum": "expected_choice",
    "int_type": "expected_number",
    "int_parsing": "expected_number",
    "int_from_float": "expected_number",
    "string_type": "expected_text",
    "bool_type": "expected_yes_or_no",
    "list_type": "expected_list",
    "tuple_type": "expected_list",
    "dict_type": "expected_table",
    "model_type": "expected_table",
}
# a pattern is for the machine: what it takes is said in words
_WRITTEN = {
    A_TIME: "expected_time",
    A_LINE: "expected_line",
    AN_ADDRESS: "expected_address",
    A_SENDER: "expected_sender",
}
_BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")


def expected(fault: Mapping[str, Any]) -> object:
    """What would have been right, as a sentence of the catalogues; the checker's words where none fits.

    Args:
        fault: `type`, `msg` and `ctx` of an error of pydantic.
    """
    code = _KINDS.get(fault["type"])
    facts = fault.get("ctx") or {}
    code = _WRITTEN.get(str(facts.get("pattern")), code)
    if code is None:
        return str(fault["msg"]).removeprefix("Value error, ")
    bound = next((facts[name] for name in _BOUNDS if name in facts), "")
    choices = _QUOTED.findall(str(facts.get("expected", "")))
    return WrongUsage(code, bound=bound, pattern=facts.get("pattern", ""), choices=choices)


_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# what the parser's words begin with, and our sentence for it
_TOML_KINDS = (
    ("Invalid statement", "toml_statement"),
    ("Expected newline", "toml_rest"),
    ("Expected '='", "toml_equals"),
    ("Expected ']", "toml_head_open"),
    ("Expected", "toml_quote_open"),
    ("Unterminated string", "toml_quote_open"),
    ("Illegal character", "toml_character"),
    ("Found invalid character", "toml_character"),
    ("Cannot", "toml_twice"),
    ("Duplicate", "toml_twice"),
    ("Unclosed", "toml_bracket_open"),
    ("Unescaped", "toml_backslash"),
    ("Invalid hex", "toml_backslash"),
    ("Escaped", "toml_backslash"),
    ("Invalid date", "toml_date"),
    ("Invalid value", "toml_value"),
    ("Invalid initial character", "toml_key"),
)
_LONGEST = 200


def not_toml(error: Exception, file: str) -> Finding:
    """That a text is no TOML: where, what kind of fault it is in our words, and the parser's own."""
    said = str(error)
    found = _TOML_PLACE.search(said)
    where = f"{file}:{found[1]}:{found[2]}" if found and found[1] else file
    kind = next((code for begin, code in _TOML_KINDS if said.startswith(begin)), "toml_otherwise")
    return Finding("not_toml", where, {"kind": WrongUsage(kind), "problem": said[:_LONGEST]})
