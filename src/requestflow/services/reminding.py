"""`remind`: works out what is owed to be told, claims it, sends it, and writes what became of it.

Claimed in a transaction of its own before anything goes out; settled in another one after. A pass that
is killed in between leaves a claim, which a later pass finds, sends again and marks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from requestflow.channel_settings import HANDLER, MUST_BE_ADDRESSED, UNIT
from requestflow.delivery.channel import Channel, Undelivered
from requestflow.delivery.opening import open_channel
from requestflow.domain.reminders import Duty as Told
from requestflow.domain.reminders import (
    Reminder,
    Rule,
    Telling,
    handling,
    next_attempt,
    next_open_moment,
    owed_now,
    telling_of,
)
from requestflow.services.digests import Addressee, compose
from requestflow.services.duties import Duty, duties
from requestflow.services.office import Office
from requestflow.storage import ledger, outbox
from requestflow.storage.outbox import Dispatch, Sending

_OF_UNITS = "unit:"  # before a unit's key, which may be a person's too


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a plan: what would be told, at which stage and by which rule, and to whom."""

    duty: Duty
    reminder: Reminder
    name: str
    address: str | None


@dataclass(slots=True)
class Outcome:
    """What a pass did; `next_at` is the moment at which another one has something to do.

    `still_given_up` is what an earlier pass gave up and nobody has let go out again;
    `faults` are the unexpected ones, each of a digest that waits or was given up for it.
    """

    closed_until: datetime | None = None
    claimed: int = 0
    sent: list[Dispatch] = field(default_factory=list)
    dropped: int = 0
    waiting: list[Dispatch] = field(default_factory=list)
    given_up: list[Dispatch] = field(default_factory=list)
    still_given_up: list[Dispatch] = field(default_factory=list)
    next_at: datetime | None = None
    faults: list[Exception] = field(default_factory=list)


class Reminding:
    """One pass over an office: what is owed is read once, when the pass begins."""

    def __init__(self, office: Office, write: Callable[[str], None] = lambda _text: None) -> None:
        self._office = office
        self._write = write
        self._settings = office.settings.remind
        self._rules: Sequence[Rule] = self._settings.in_force()
        self._channels: dict[str, Channel] = {}
        self._duties: list[Duty] = []
        self._hands: Mapping[str, str] = {}

    def _read(self) -> None:
        """What is owed now. While the answer waits for others, its moving day is not told."""
        office = self._office
        limits = office.workflow.limits
        named = {name for rule in self._rules for name in rule.limits}
        sure = not any(name in limits and limits[name].if_needed for name in named)
        self._duties = [duty for duty in duties(office, sure=sure) if not duty.waits]
        numbers = {duty.number for duty in self._duties if duty.number}
        role = office.person(None).role
        people = [key for key, person in office.settings.people.items() if person.role == role]
        with office.reading() as session:
            acts = handling(office.workflow)
            self._hands = ledger.last_hands(session, sorted(numbers), people, acts)

    def _directory(self, name: str, duty: Told) -> Iterable[str]:
        """Whom a name of a rule means: the handler, the unit, a role, a person, a unit by its key."""
        settings = self._office.settings
        if name == HANDLER:
            return [self._hands.get(duty.number or "", settings.default_person)]
        if name == UNIT:
            unit = getattr(duty, "unit", None)
            return [_OF_UNITS + unit] if unit else []  # by its key: `duties` reads it so
        found = [key for key, person in settings.people.items() if name in (person.role, key)]
        return found or [_OF_UNITS + name]

    def _addressee(self, recipient: str, channel: str) -> Addressee:
        """Name and address of a recipient; by the key alone where the settings know it no longer."""
        settings = self._office.settings
        known = (
            settings.unit(recipient.removeprefix(_OF_UNITS))
            if recipient.startswith(_OF_UNITS)
            else settings.people.get(recipient)
        )
        if known is None:
            return Addressee(recipient, recipient.removeprefix(_OF_UNITS), None)
        return Addressee(recipient, known.name, known.addresses.get(channel))

    def _as_known_now(self, recipient: str) -> str:
        """A recipient of an earlier pass: a unit that was told by its name may have a key by now."""
        if not recipient.startswith(_OF_UNITS):
            return recipient
        return _OF_UNITS + self._office.settings.unit_key(recipient.removeprefix(_OF_UNITS))

    def _owed(self, stages: Mapping[Telling, int]) -> list[Reminder]:
        """What is owed to be told, with the furthest stage that each addressee was told before."""
        office = self._office
        told: dict[Telling, int] = {}
        for telling, stage in stages.items():
            known = replace(telling, recipient=self._as_known_now(telling.recipient))
            told[known] = min(stage, told.get(known, stage))
        return owed_now(self._duties, self._rules, self._directory, told, today=office.today(),
                        calendar=office.calendar)  # fmt: skip

    def plan(self) -> list[Planned]:
        """What a pass would claim now; nothing is written."""
        self._read()
        if not self._duties:
            return []
        with self._office.reading() as session:
            told = outbox.told(session, min(duty.due for duty in self._duties))
        found = []
        by_key = {(duty.number or "", duty.kind, duty.entry or 0, duty.due): duty
                  for duty in self._duties}  # fmt: skip
        for one in self._owed(told):
            told_of = one.telling
            who = self._addressee(told_of.recipient, told_of.channel)
            duty = by_key[told_of.number, told_of.kind, told_of.entry, told_of.due]
            found.append(Planned(duty, one, who.name, who.address))
        return found

    def closed_until(self) -> datetime | None:
        """The moment until which nothing goes out; None where it may now."""
        office = self._office
        now = office.clock.now().astimezone(office.settings.zone)
        quiet = self._settings.quiet
        first = time.fromisoformat(min(self._settings.at))
        opens = next_open_moment(now, first, quiet.hours() if quiet else None, office.calendar)
        return None if opens == now else opens

    def run(self) -> Outcome:
        """A whole pass.

        Raises:
            NotFound, Refused: the database or the calendar says no; nothing is claimed.
        """
        office = self._office
        with office.reading() as session:
            before = outbox.given_up(session)
        closed = self.closed_until()
        if closed is not None:
            return Outcome(closed_until=closed, next_at=closed, still_given_up=before)
        self._read()
        with office.writing() as session:
            since = min((duty.due for duty in self._duties), default=office.today())
            owed = self._owed(outbox.told(session, since))
            same_day = self._settings.same_day
            claimed = outbox.claim(session, owed, office.today(), office.clock.now(), same_day=same_day)
            session.commit()
        done = Outcome(claimed=claimed, still_given_up=before)
        while (dispatch := self._take()) is not None:
            self._send(dispatch, done)
        with office.reading() as session:
            done.next_at = outbox.next_due(session, self._lease())
        return done

    def _take(self) -> Dispatch | None:
        longest = timedelta(minutes=max(self._settings.pauses))
        with self._office.writing() as session:
            found = outbox.take(session, self._office.clock.now(), self._lease(), longest)
            session.commit()
        return found

    def _lease(self) -> timedelta:
        return timedelta(minutes=self._settings.lease)

    def _send(self, dispatch: Dispatch, done: Outcome) -> None:
        """Sends one digest as things stand now, and writes what became of it."""
        office = self._office
        with office.reading() as session:
            carried = outbox.carried(session, dispatch)
        open_now = [
            duty
            for duty in self._duties
            if telling_of(duty, dispatch.recipient, dispatch.channel) in carried
            and self._concerns(duty, dispatch)
        ]
        if not open_now:
            self._settle(dispatch, Sending.DROPPED, said=())
            done.dropped += 1
            return
        try:
            who = self._reachable(dispatch)
            digest = compose(office, who, dispatch, open_now)
            self._channel(dispatch.channel).send(digest)
        except Undelivered as error:
            self._failed(dispatch, error, done)
            return
        except Exception as error:  # noqa: BLE001  one digest that cannot be sent holds up no other
            done.faults.append(error)
            fault = Undelivered("channel_fault", unsure=True, problem=type(error).__name__)
            self._failed(dispatch, fault, done)
            return
        at = office.clock.now()
        said = [telling_of(duty, dispatch.recipient, dispatch.channel) for duty in open_now]
        self._settle(dispatch, Sending.SENT, said=said, at=at)
        done.sent.append(replace(dispatch, status=Sending.SENT, sent_at=at, reminders=len(open_now)))

    def _concerns(self, duty: Duty, dispatch: Dispatch) -> bool:
        """Whether a duty is still the addressee's to be told of: a case may have changed hands."""
        recipient = self._as_known_now(dispatch.recipient)
        return any(
            recipient in self._directory(name, duty)
            for rule in self._rules
            if rule.channel == dispatch.channel and rule.speaks_of(duty)
            for name in rule.to
        )

    def _reachable(self, dispatch: Dispatch) -> Addressee:
        """The addressee, unless no way leads there: a unit that no settings declare has no address."""
        name = dispatch.channel
        who = self._addressee(dispatch.recipient, name)
        if name in MUST_BE_ADDRESSED and not who.address:
            raise Undelivered("no_address", lasting=True, names=[who.name], channel=name)
        return who

    def _failed(self, dispatch: Dispatch, error: Undelivered, done: Outcome) -> None:
        from requestflow.messages.catalogue import Catalogue

        settings = self._settings
        said = Catalogue(self._office.settings.language).say(error.code, error.facts).message
        told = replace(dispatch, status=Sending.WAITING, problem=said)
        twice = error.unsure and dispatch.doubled  # a third of which nobody knows would be one too many
        if error.lasting or twice or dispatch.attempts >= settings.attempts:
            self._settle(dispatch, Sending.GIVEN_UP, problem=said)
            done.given_up.append(replace(told, status=Sending.GIVEN_UP))
            return
        at = next_attempt(self._office.clock.now(), dispatch.attempts, settings.pauses)
        self._settle(dispatch, Sending.WAITING, at=at, problem=said, unsure=error.unsure)
        done.waiting.append(replace(told, due_at=at))

    def _settle(
        self, dispatch: Dispatch, status: Sending, *, said: Iterable[Telling] | None = None,
        at: datetime | None = None, problem: str | None = None, unsure: bool = False,
    ) -> None:  # fmt: skip
        """Writes what became of a digest; `said` is what it told where it is through with."""
        with self._office.writing() as session:
            written = outbox.settle(session, dispatch, status, at=at, problem=problem, unsure=unsure)
            if written and said is not None:
                outbox.unsay(session, dispatch, said)
            session.commit()

    def _channel(self, name: str) -> Channel:
        if name not in self._channels:
            settings = self._office.settings
            self._channels[name] = open_channel(name, settings.channels, settings.folder, self._write)
        return self._channels[name]


def log(office: Office, limit: int) -> list[Dispatch]:
    """The last digests, newest first: what was sent, and whether it arrived."""
    with office.reading() as session:
        return outbox.logged(session, limit)


def let_again(office: Office) -> int:
    """Lets what was given up wait anew, and says how many digests that were."""
    with office.writing() as session:
        count = outbox.again(session, office.clock.now())
        session.commit()
    return count
