"""Settings of reminders and of the ways they go out: the shapes of [remind], [channels] and addresses.

Below `config`, which reads the file, and below `delivery`, which sends: both know these, neither the
other. Secrets are named (a variable, a file), never printed, and read only when something is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from requestflow.domain.facts import near
from requestflow.domain.reminders import QuietHours, Rule
from requestflow.domain.signs import A_LINE, A_SENDER, A_TIME, AN_ADDRESS

HANDLER = "handler"  # who has the case on the desk
UNIT = "unit"  # the undertaking unit that the case is assigned to
KINDS = ("console", "file", "mail", "wecom", "dingtalk", "feishu", "apprise")
_STEPS = 6  # answers that one sending waits for at most, each up to its timeout
MUST_BE_ADDRESSED = ("mail", "apprise")  # nothing goes out there without an address of the addressee

Time = Annotated[str, Field(pattern=A_TIME)]
Days = Annotated[int, Field(ge=1, le=250)]
Seconds = Annotated[int, Field(ge=1, le=300)]
Address = Annotated[str, Field(min_length=1, max_length=500, pattern=A_LINE)]


def _address_of_web(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        msg = "http://… / https://…"
        raise ValueError(msg)
    return value


class Shape(BaseModel):
    """A table of the settings: its keys and no others, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Mail(Shape):
    """[channels.mail]: an SMTP server; the password comes from a variable or a file."""

    host: Annotated[str, Field(min_length=1)]
    sender: Annotated[str, Field(pattern=A_SENDER)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "ssl", "none"] = "starttls"
    ca_file: str | None = None
    user: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    timeout: Seconds = 20


class Robot(Shape):
    """[channels.wecom], [channels.dingtalk], [channels.feishu]: a group's robot behind a webhook.

    The address of a robot is a secret itself: whoever has it may write to the group. What an
    application says stays in the office, unless `subjects` lets it out to a server of another's.
    """

    url: Annotated[SecretStr, AfterValidator(_address_of_web)] | None = None
    url_env: str | None = None
    url_file: str | None = None
    secret_env: str | None = None
    secret_file: str | None = None
    ca_file: str | None = None
    subjects: bool = False
    timeout: Seconds = 20


class Folder(Shape):
    """[channels.file]: a folder in which each digest is a text file."""

    folder: str = "reminders"


class Console(Shape):
    """[channels.console]: standard output."""


class Apprise(Shape):
    """[channels.apprise]: addressees carry addresses of the library of that name."""

    subjects: bool = False
    timeout: Seconds = 20


class Channels(Shape):
    """[channels]: the ways that an office has."""

    console: Console = Console()
    file: Folder | None = None
    mail: Mail | None = None
    wecom: Robot | None = None
    dingtalk: Robot | None = None
    feishu: Robot | None = None
    apprise: Apprise | None = None

    def tells_subjects(self, name: str) -> bool:
        """Whether a channel's digests say what an application is about: those within the office do."""
        return bool(getattr(getattr(self, name), "subjects", True))

    def open(self) -> list[str]:
        """The names of the channels that can be used."""
        return [name for name in KINDS if getattr(self, name) is not None]


class RuleShape(Shape):
    """[[remind.rules]]: of which limits, how many working days before and after, to whom, by what."""

    limits: list[str] = []
    owed_by: list[Literal["office", "unit", "applicant", "third_party", "organ"]] = []
    before: list[Days] = []
    on_day: bool = True
    after: list[Days] = []
    every: Days | None = None
    to: Annotated[list[str], Field(min_length=1)]
    channel: Literal["console", "file", "mail", "wecom", "dingtalk", "feishu", "apprise"] = "console"

    def rule(self, name: str, overdue_every: int) -> Rule:
        """The rule as the domain applies it; what names no limits is about the office's own duties."""
        speaks_on = bool(self.after) or self.every is not None
        own = ["office", "unit"] if not self.limits else []
        return Rule(
            name=name,
            limits=frozenset(self.limits),
            owed_by=frozenset(self.owed_by or own),
            before=tuple(sorted(set(self.before), reverse=True)),
            on_day=self.on_day,
            after=tuple(sorted(set(self.after))),
            every=(self.every or overdue_every) if speaks_on else None,
            to=tuple(dict.fromkeys(self.to)),
            channel=self.channel,
        )


DEFAULT_RULES = (
    RuleShape(before=[5, 2, 1], after=[1], to=[HANDLER, UNIT]),
    RuleShape(owed_by=["applicant", "third_party", "organ"], on_day=False, after=[1], every=5,
              to=[HANDLER]),
)  # fmt: skip


class Quiet(Shape):
    """[remind] quiet: a span of the day in which nothing goes out; it may run over midnight."""

    since: Time
    until: Time

    def hours(self) -> QuietHours:
        """The span as times of the day."""
        return QuietHours(time.fromisoformat(self.since), time.fromisoformat(self.until))


class Remind(Shape):
    """[remind]: when a watch looks, when it keeps still, how often it tries."""

    at: Annotated[list[Time], Field(min_length=1)] = ["08:30", "14:30"]
    quiet: Quiet | None = None
    overdue_every: Days = 1
    same_day: bool = False  # whether what is due today or overdue goes in a further digest of the day
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    pauses: Annotated[list[Annotated[int, Field(ge=1, le=1440)]], Field(min_length=1)] = [
        5,
        15,
        60,
        240,
    ]  # minutes
    lease: Annotated[int, Field(ge=1, le=240)] = 15  # minutes
    rules: list[RuleShape] = list(DEFAULT_RULES)

    def in_force(self) -> list[Rule]:
        """The rules in the order of the file, each under its number."""
        return [rule.rule(str(n), self.overdue_every) for n, rule in enumerate(self.rules, start=1)]


class Addressed(Shape):
    """Where somebody is reached: the keys that people and units share."""

    email: Annotated[str, Field(pattern=AN_ADDRESS)] | None = None
    wecom: Address | None = None
    dingtalk: Address | None = None
    feishu: Address | None = None
    apprise: Address | None = None

    def addresses(self) -> dict[str, str]:
        """The address for each channel that has one."""
        known = {"mail": self.email, "wecom": self.wecom, "dingtalk": self.dingtalk,
                 "feishu": self.feishu, "apprise": self.apprise}  # fmt: skip
        return {channel: address for channel, address in known.items() if address}


Problem = tuple[str, tuple[str | int, ...], dict[str, object]]


def problems(
    remind: Remind, channels: Channels, groups: Mapping[str, Mapping[str, Addressed]]
) -> Iterator[Problem]:
    """What has the right shape and makes no sense: code, place in the file, facts.

    Args:
        remind: the rules.
        channels: what is set up.
        groups: whom each name of a rule's `to` may mean.
    """
    quiet = remind.quiet
    if quiet and quiet.since == quiet.until:
        yield "quiet_without_span", ("remind", "quiet"), {"time": quiet.since}
    ruled = "rules" in remind.model_fields_set
    for index, rule in enumerate(remind.rules):
        place: tuple[str | int, ...] = ("remind", "rules", index) if ruled else ("remind",)
        if rule.channel not in channels.open():
            facts: dict[str, object] = {"name": rule.channel, "known": channels.open()}
            yield "channel_not_set", (*place, "channel"), facts
        for name in rule.to:
            yield from _addressee(rule, name, (*place, "to"), groups, channels.open())
    for name, channel in channels:
        if channel is not None:
            yield from _secrets(channel, ("channels", name))
            if getattr(channel, "timeout", 0) * _STEPS > remind.lease * 60:
                facts = {
                    "timeout": getattr(channel, "timeout", 0),
                    "lease": remind.lease,
                    "channel": name,
                }
                yield "lease_too_short", ("channels", name, "timeout"), facts


def _addressee(
    rule: RuleShape,
    name: str,
    place: tuple[str | int, ...],
    groups: Mapping[str, Mapping[str, Addressed]],
    opened: Sequence[str],
) -> Iterator[Problem]:
    """A name that nobody knows, or that means somebody whom the rule's channel cannot reach."""
    if name not in groups:
        known = list(groups)
        yield "unknown_addressee", place, {"name": name, "near": near(name, known) or known}
    elif rule.channel in MUST_BE_ADDRESSED and rule.channel in opened:
        group = groups[name].items()
        without = [key for key, one in group if rule.channel not in one.addresses()]
        if without:
            yield "no_address", place, {"names": without, "channel": rule.channel}


def _secrets(channel: Shape, place: tuple[str | int, ...]) -> Iterator[Problem]:
    """A secret has one source; what cannot do without one has it."""
    given = channel.model_fields_set
    for stem in ("password", "secret", "url"):
        keys = [key for key in (stem, f"{stem}_env", f"{stem}_file") if key in given]
        if len(keys) > 1:
            yield "secret_twice", (*place, keys[1]), {"keys": keys}
        if stem == "url" and isinstance(channel, Robot) and not keys:
            yield "key_missing", (*place, "url"), {"key": ".".join([*map(str, place), "url"])}
    if isinstance(channel, Mail):
        password = channel.password_env or channel.password_file
        if bool(channel.user) != bool(password):
            yield "user_and_password", (*place, "user"), {}
