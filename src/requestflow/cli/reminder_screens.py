"""Reminders on a terminal: what would go out and why, what went out and whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from requestflow.messages.time_left import time_left
from requestflow.services.digests import short_subject

if TYPE_CHECKING:
    from requestflow.cli.desk import Desk
    from requestflow.services.reminding import Planned
    from requestflow.storage.outbox import Dispatch


def _stage(desk: Desk, stage: int) -> str:
    if stage == 0:
        return desk.words.text("stage_day")
    return desk.words.text("stage_before" if stage > 0 else "stage_after", days=abs(stage))


def _rule(desk: Desk, name: str) -> str:
    """The number of a rule in the settings; one that is built in is said to be so."""
    own = "rules" in desk.office.settings.remind.model_fields_set
    return name if own else desk.words.text("built_in_rule", number=name)


def reminders(desk: Desk, items: Sequence[Planned]) -> None:
    """What would go out: to whom, by which channel, of what, and why now."""
    words = desk.words
    if not items:
        desk.print(words.text("remind_nothing"))
        return
    told = ("recipient", "sending", "stage", "rule")
    table = desk.table("number", "duty", "due", "left", *told, "basis", "subject")
    for item in items:
        duty = item.duty
        mark = words.text("provisional") if duty.provisional else ""
        left = time_left(words, duty.due, duty.remaining, desk.office.today())
        table.add_row(
            duty.number or words.text("of_the_office"), words.words(duty.words),
            duty.due.isoformat() + mark, left, item.name,
            channel_name(desk, item.reminder.telling.channel), _stage(desk, item.reminder.stage),
            _rule(desk, item.reminder.rule), words.basis(duty.basis), short_subject(duty),
        )  # fmt: skip
    desk.console.print(table)
    desk.print(words.text("remind_planned", count=len(items)))


def recipient_name(desk: Desk, recipient: str) -> str:
    """A person or a unit by its name in the settings; by the key where they know it no longer."""
    settings = desk.office.settings
    group, mark, key = recipient.partition(":")
    known = settings.unit(key) if mark and group == "unit" else settings.people.get(recipient)
    return known.name if known else (key or recipient)


def channel_name(desk: Desk, channel: str) -> str:
    """A channel as people call it."""
    return desk.words.text(f"channel_{channel}")


def _delivery(desk: Desk, one: Dispatch) -> str:
    """What became of a digest; when it is tried again where it waits."""
    if one.status != "waiting":
        return desk.words.text(f"sending_{one.status.value}")
    at = one.due_at.astimezone(desk.office.settings.zone).strftime("%Y-%m-%d %H:%M")
    return desk.words.text("delivery_waits", at=at)


def dispatches(desk: Desk, found: Sequence[Dispatch]) -> None:
    """The last digests, and what became of them."""
    words = desk.words
    if not found:
        desk.print(words.text("nothing_sent"))
        return
    heads = ("day", "recipient", "sending", "delivery", "reminders", "attempts", "sent_at", "problem")
    table = desk.table(*heads)
    zone = desk.office.settings.zone
    for one in found:
        mark = words.text("digest_further") if one.part > 1 else ""
        mark += words.text("digest_doubled") if one.doubled else ""
        sent = one.sent_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.sent_at else ""
        table.add_row(
            one.day.isoformat(), recipient_name(desk, one.recipient), channel_name(desk, one.channel),
            _delivery(desk, one) + mark, str(one.reminders), str(one.attempts),
            sent, one.problem or "", style="red" if one.status == "given_up" else None,
        )  # fmt: skip
    desk.console.print(table)
