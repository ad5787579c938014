"""An office whose letters can be written: its particulars are set, and cases are told in a few lines."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.bootstrap import open_office
from requestflow.domain.case import Case
from requestflow.services import casework
from requestflow.services.intake import Registration, register
from requestflow.services.office import Office
from requestflow.services.processing import Step, transition

TODAY = date(2026, 11, 24)
RECEIVED = date(2026, 11, 2)
ORGAN = """
[organ]
code = "示发改公开"
review_organ = "示例县人民政府"
court = "示例县人民法院"
address = "示例县示例路1号"
postcode = "000000"
phone = "000-00000000"
payment = "凭本通知书到示例县财政局非税收入账户缴纳"

[notices]
"""
Tell = Callable[..., Case]


@pytest.fixture
def letters(folder: Path) -> Office:
    """A fresh office with all its particulars."""
    config = folder / "config.toml"
    plain = config.read_text("utf-8")
    begin, end = plain.index("[organ]"), plain.index("[database]")
    config.write_text(plain[:begin] + ORGAN + plain[end:], "utf-8")
    return open_office(config, TODAY)


@pytest.fixture
def tell(letters: Office) -> Tell:
    """Registers an application and makes its steps; gives the case."""

    def call(
        *steps: Mapping[str, Any], received: date = RECEIVED, name: str = "申请人甲",
        accepted: bool = True, kind: str = "natural_person", subject: str = "示例地块征收补偿安置方案",
    ) -> Case:  # fmt: skip
        wanted = Registration(kind, "online", received, subject, {"name": name})
        number = register(letters, wanted).case.application.number
        first = [{"do": "accept", "on": received}] if accepted else []
        for step in [*first, *steps]:
            made = Step(step["do"], step.get("facts", {}), on=step["on"], by=step.get("by"))
            transition(letters, number, made)
        return casework.read(letters, number)

    return call
