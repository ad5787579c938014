"""Reminders: what would go out, what goes out, what went out, and a watch that does it by itself."""

from datetime import datetime
from typing import Any

import click

from requestflow.cli import reminder_documents
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import Whole, command, fail
from requestflow.errors import Finding, FoundProblems, RequestflowError

_FEW = 50  # digests that a look at the log shows


@command(
    click.option("--dry-run", is_flag=True),
    click.option("--watch", is_flag=True),
    click.option("--log", is_flag=True),
    click.option("--again", is_flag=True),
    click.option("--limit", type=Whole(1), metavar="N"),
)
def remind(desk: Desk, *, limit: int | None, **ways: bool) -> None:
    """Sends what is owed to be told now; or shows it, or keeps watch."""
    chosen = [name for name, value in ways.items() if value]
    if len(chosen) > 1:
        fail("one_way_to_remind")
    if limit is not None and chosen != ["log"]:
        fail("limit_of_log")
    if chosen == ["log"]:
        _log(desk, limit or _FEW)
    elif chosen == ["dry_run"]:
        _plan(desk)
    elif chosen == ["watch"]:
        _watch(desk)
    else:
        _pass(desk, again=chosen == ["again"])


def _log(desk: Desk, limit: int) -> None:
    from requestflow.cli.reminder_screens import dispatches as show_dispatches
    from requestflow.services.reminding import log

    found = log(desk.office, limit)
    if desk.as_json:
        desk.print_json([reminder_documents.dispatch(one) for one in found])
    else:
        show_dispatches(desk, found)


def _plan(desk: Desk) -> None:
    from requestflow.cli.reminder_screens import reminders as show_reminders
    from requestflow.services.reminding import Reminding

    one = Reminding(desk.office)
    closed, items = one.closed_until(), one.plan()
    desk.warn_of_calendar()
    if desk.as_json:
        told = [reminder_documents.reminder(item) for item in items]
        desk.print_json({"day": desk.office.today().isoformat(), "closed_until": _moment(closed),
                         "reminders": told})  # fmt: skip
        return
    desk.tell(desk.words.text("dry_run"))
    if closed is not None:
        desk.tell(desk.words.text("remind_closed", until=_local(desk, closed)))
    show_reminders(desk, items)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _local(desk: Desk, moment: datetime) -> str:
    return moment.astimezone(desk.office.settings.zone).strftime("%Y-%m-%d %H:%M")


def _pass(desk: Desk, *, again: bool) -> None:
    from requestflow.services.reminding import Reminding, let_again

    write = desk.tell if desk.as_json else desk.print
    if again:
        count = let_again(desk.office)
        desk.tell(desk.words.text("remind_let_again", count=count))
    done = Reminding(desk.office, write).run()
    desk.warn_of_calendar()
    if desk.as_json:
        desk.print_json(reminder_documents.outcome(done))
    _say(desk, done)
    lost = _lost(desk, done)
    if lost is not None:
        raise lost


def _lost(desk: Desk, done: Any) -> FoundProblems | None:
    """What was given up, now or before: told by each pass until somebody lets it go out again."""
    from requestflow.cli.reminder_screens import recipient_name

    found = [*done.given_up, *done.still_given_up]
    if not found:
        return None
    findings = [
        Finding("reminder_lost", f"{recipient_name(desk, one.recipient)}/{one.channel}",
                {"problem": one.problem})
        for one in found
    ]  # fmt: skip
    code = "reminders_given_up" if done.given_up else "reminders_still_given_up"
    return FoundProblems(code, findings, count=len(found))


def _say(desk: Desk, done: Any) -> None:
    """What a pass did, for people; what nobody expected goes into the log whole."""
    from requestflow.cli.fault_log import write_fault
    from requestflow.cli.reminder_screens import channel_name, recipient_name

    words = desk.words
    for fault in done.faults:
        log = write_fault(fault, desk.config)
        desk.tell(words.text("fault", kind=type(fault).__name__, log=log))
    for one in done.waiting:
        name = recipient_name(desk, one.recipient)
        desk.tell(words.text("remind_again", recipient=name, channel=channel_name(desk, one.channel),
                             attempts=one.attempts, problem=one.problem,
                             at=_local(desk, one.due_at)))  # fmt: skip
    if done.closed_until is not None:
        desk.tell(words.text("remind_closed", until=_local(desk, done.closed_until)))
    elif not desk.as_json:
        desk.print(words.text("remind_done", sent=len(done.sent), claimed=done.claimed,
                              waiting=len(done.waiting), given_up=len(done.given_up)))  # fmt: skip


def _watch(desk: Desk) -> None:
    """Passes at set times until it is told to stop; a line a pass, or a document a pass."""
    import json
    import sys

    from requestflow.cli.fault_log import write_fault
    from requestflow.scheduler import Watch
    from requestflow.services.reminding import Reminding

    office = desk.office
    settings = office.settings
    office.check()

    def one_pass() -> datetime | None:
        done = Reminding(office, desk.tell if desk.as_json else desk.print).run()
        if desk.as_json:
            sys.stdout.write(json.dumps(reminder_documents.outcome(done), ensure_ascii=False) + "\n")
        _say(desk, done)
        lost = _lost(desk, done)
        if lost is not None:
            desk.report(lost)
        sys.stdout.flush()
        return done.next_at

    def failed(error: Exception) -> None:
        known = isinstance(error, RequestflowError)
        desk.tell(desk.words.text("watch_failed", problem=error if known else repr(error)))
        if not known:
            write_fault(error, desk.config)

    desk.settle_language()
    times = desk.words.value(settings.remind.at)
    desk.tell(desk.words.text("watch_begun", times=times, zone=str(settings.zone)))
    if settings.remind.quiet is None:
        desk.tell(desk.words.text("watch_not_quiet"))
    Watch(one_pass, failed, settings.remind.at, settings.zone).run()
    desk.tell(desk.words.text("watch_ended"))
