"""What a setting or a definition should have been, said of a fault that a checker of shapes found."""

import re
from collections.abc import Mapping
from typing import Any

from requestflow.domain.signs import A_LINE, A_SENDER, A_TIME, AN_ADDRESS
from requestflow.errors import WrongUsage

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
