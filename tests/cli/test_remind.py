"""`remind`: what is owed goes out once, to whom it concerns, on working days; what fails is tried again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FILE = """
[channels.file]
folder = "out"

[[remind.rules]]
before = [5, 2, 1]
after = [1]
to = ["handler"]
channel = "file"
"""


@pytest.fixture
def settings(folder: Path) -> Callable[..., None]:
    """Adds to the settings, or changes something in them."""
    path = folder / "config.toml"

    def change(more: str = "", **replaced: str) -> None:
        text = path.read_text("utf-8")
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text + more, "utf-8")

    return change


@pytest.fixture
def case(registered: Run, moved: Run) -> str:
    """An accepted application, due 2026-11-30, four working days from the tests' day."""
    number = registered()
    moved(number, "accept@2026-11-03")
    return str(number)


@pytest.fixture
def held_up(done: Run, folder: Path) -> Callable[[], None]:
    """Reminders that could not go out: their channel is in order again, and they wait."""

    def remind_in_vain() -> None:
        (folder / "out").write_text("in the way", "utf-8")
        done("remind")
        (folder / "out").unlink()

    return remind_in_vain


@pytest.fixture
def handed_on(done: Run, settings: Run, case: str, held_up: Callable[[], None]) -> str:
    """The case, given to another unit while the reminder of the first one was held up."""
    settings(FILE.replace('"handler"', '"unit"'))
    done("assign", case, "--unit", "法规科")
    held_up()
    done("assign", case, "--unit", "规划科")
    return case


def planned(done: Run, day: str = "2026-11-24") -> list[tuple[Any, ...]]:
    found = done("remind", "--dry-run", "--json", today=day).json["reminders"]
    return [
        (one["number"], one["kind"], one["stage"], one["recipient"], one["channel"]) for one in found
    ]


def test_a_new_office_reminds_without_any_settings(done: Run, case: str) -> None:
    """The shipped rules tell the handler on the screen: number, what, day, days left, article; no name."""
    first = done("remind")
    assert "2026-11-30" in first.out
    assert case in first.out
    assert "还有 4 个工作日" in first.out
    assert "第33条" in first.out
    assert "示例县发展和改革局" in first.out
    assert "欧阳明月" not in first.out

    second = done("remind", "--json").json
    assert (second["claimed"], second["sent"]) == (0, [])
    assert done("verify", "--json").json["holds"]


def test_a_dry_run_says_who_would_be_told_of_what_and_why(done: Run, dump: Run, case: str) -> None:
    """The plan names duty, addressee, channel, stage, rule and article, and changes nothing."""
    before = dump()
    (one,) = done("remind", "--dry-run", "--json").json["reminders"]

    assert one == {
        "recipient": "clerk", "name": "经办人", "channel": "console", "address": None, "number": case,
        "kind": "answer", "entry": 1, "due": "2026-11-30", "provisional": False, "remaining": 4,
        "owed_by": "office", "unit": None, "subject": "土地征收补偿安置方案", "stage": 5, "rule": 1,
        "basis": "条例33", "grade": "text",
    }  # fmt: skip
    assert "第33条" in done("remind", "--dry-run").out
    assert dump() == before


@pytest.mark.usefixtures("case")
def test_each_stage_goes_out_once_over_a_month_with_days_left_out(done: Run) -> None:
    """Passes on some days only: each stage once, the missed ones in one line, none on a day off."""
    told = [
        (day, planned(done, f"2026-{day}"), done("remind", "--json", today=f"2026-{day}").json)
        for day in ("11-20", "11-23", "11-24", "11-25", "11-28", "11-30", "12-01", "12-02", "12-07")
    ]

    assert [(day, [one[2] for one in plan], len(did["sent"])) for day, plan, did in told] == [
        ("11-20", [], 0),
        ("11-23", [5], 1),
        ("11-24", [], 0),
        ("11-25", [], 0),
        ("11-28", [1], 0),  # a Saturday: nothing goes out
        ("11-30", [0], 1),
        ("12-01", [-1], 1),
        ("12-02", [-2], 1),
        ("12-07", [-5], 1),
    ]
    assert told[4][2]["closed_until"].startswith("2026-11-30T08:30")


@pytest.mark.usefixtures("case")
def test_a_clock_set_back_and_forward_tells_nothing_twice(done: Run) -> None:
    """Who was told of the last day is not told of an earlier stage, whatever day the machine believes in."""
    days = ("2026-11-30", "2026-11-23", "2026-11-26", "2026-11-30", "2026-12-01", "2026-11-24")
    sent = [len(done("remind", "--json", today=day).json["sent"]) for day in days]

    assert sent == [1, 0, 0, 0, 1, 0]


def test_a_moved_day_is_told_anew_and_what_is_done_is_not(done: Run, moved: Run, case: str) -> None:
    """An extension makes a new day to be told of; an answer that was served is owed no more."""
    done("remind")
    moved(case, "extend@2026-11-24 --by head --days 1", today="2026-11-24")
    assert planned(done) == [(case, "answer", 5, "clerk", "console")]
    assert len(done("remind", "--json", today="2026-11-25").json["sent"]) == 1
    moved(case, "decide@2026-11-25 --outcome disclosed.provided", "deliver@2026-11-25 --set method=electronic",
          today="2026-11-25")  # fmt: skip

    assert planned(done, "2026-12-01") == []


def test_a_waiting_clock_is_not_told_day_by_day(done: Run, moved: Run, case: str) -> None:
    """While a third party is asked the answer's day moves every day: no reminder; its silence is one."""
    moved(case, "consult_third_party@2026-11-24 --set party=某公司", today="2026-11-24")
    days = [f"2026-12-{day:02}" for day in range(1, 16)]

    assert [day for day in days if planned(done, day)] == []
    kinds = {one[1] for one in planned(done, "2026-12-16")}
    assert "third_party_opinion" in kinds


def test_one_digest_a_day_carries_everything_by_urgency(
    done: Run, registered: Run, folder: Path, settings: Run
) -> None:
    """However many duties: one letter an addressee and day, the most urgent first."""
    settings(FILE)
    for received in ("2026-11-02", "2026-10-28", "2026-10-30"):
        registered(received=received, subject=f"收到于 {received}\n第二行")
    done("remind")
    late = registered(received="2026-10-27", subject="后来登记的")
    assert done("remind", "--json").json["sent"] == []

    (path,) = (folder / "out").iterdir()
    lines = [line for line in path.read_text("utf-8").splitlines() if line[:1].isdigit()]
    assert [line.partition("　")[0] for line in lines] == [
        "1. 2026-0002",
        "2. 2026-0003",
        "3. 2026-0001",
    ]
    assert "收到于 2026-10-28 第二行" in lines[0]
    assert late in [one[0] for one in planned(done, "2026-11-25")]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ('["handler"]', ["clerk"]),
        ('["head"]', ["head"]),
        ('["unit"]', ["unit:law"]),
        ('["law"]', ["unit:law"]),
        ('["clerk", "handler", "head"]', ["clerk", "head"]),
    ],
)
def test_a_rule_says_whom_it_concerns(
    done: Run, settings: Run, case: str, to: str, expected: list[str]
) -> None:
    """The handler, a role, a person, the unit that has the case, a unit by its name; each once."""
    settings(
        f'\n[units.law]\nname = "法规科"\n[[remind.rules]]\nlimits = ["answer"]\nbefore = [5]\nto = {to}\n'
    )
    done("assign", case, "--unit", "law")

    assert [one[3] for one in planned(done)] == expected


def test_the_handler_is_who_last_had_the_case(done: Run, settings: Run, case: str) -> None:
    """Of the people with the default person's role, the one who last recorded something."""
    settings('\n[people.li]\nname = "李某"\nrole = "clerk"\n')
    done("amend", case, "--entry", "1", "--set", "subject=更正", "--reason", "笔误", "--by", "li")
    done("transition", case, "extend", "--by", "head", "--days", "1")

    assert {one[3] for one in planned(done)} == {"li"}


def test_who_closed_the_year_is_not_told_of_the_cases_of_others(
    done: Run, settings: Run, registered: Run
) -> None:
    """A carry-over and a calendar refresh reach every open case; it stays in its clerk's hands."""
    settings('\n[people.li]\nname = "李某"\nrole = "clerk"\n')
    registered(received="2026-12-18", by="li", today="2026-12-18")
    done("year", "close", "2026", "--by", "clerk", today="2027-01-08")

    assert {one[3] for one in planned(done, "2027-01-12") if one[0]} == {"li"}


def test_the_offices_own_duty_is_told_too(done: Run, registered: Run) -> None:
    """The annual report is due on 31 January; the application of last year that makes it due is closed."""
    number = registered(received="2026-11-02")
    done("transition", number, "withdraw", "--on", "2026-11-03")

    assert [one[:3] for one in planned(done, "2027-01-27")] == [(None, "annual_report", 2)]


@pytest.mark.usefixtures("case")
def test_what_cannot_be_delivered_is_tried_again_and_then_given_up(
    done: Run, run: Run, settings: Run, folder: Path
) -> None:
    """Three attempts at growing distance, each with its reason; then a loud end, and a second chance."""
    settings("\n[remind]\nattempts = 3\n" + FILE)
    (folder / "out").write_text("in the way", "utf-8")

    first = done("remind", "--json")
    assert [(one["attempts"], one["status"]) for one in first.json["waiting"]] == [(1, "waiting")]
    assert "out" in first.err
    assert "文件夹，第 1 次" in first.err
    assert "。；" not in first.err
    waits = " ".join(done("remind", "--log").out.split())
    assert "文件夹" in waits
    assert "待发，2026-11-24" in waits  # and when it is tried again
    assert done("remind", "--json").json["waiting"] == []  # the pause has not passed
    assert len(done("remind", "--json", today="2026-11-25").json["waiting"]) == 1
    last = run("remind", "--json", today="2026-11-26")
    assert last.status == 1
    assert last.error["error"] == "reminders_given_up"
    assert [one["attempts"] for one in last.json["given_up"]] == [3]
    assert "out" in last.err
    (log,) = done("remind", "--log", "--json", today="2026-11-26").json
    assert (log["status"], log["attempts"], log["reminders"]) == ("given_up", 3, 2)
    assert log["problem"]
    assert "已放弃" in done("remind", "--log").out

    (folder / "out").unlink()
    assert len(done("remind", "--again", "--json", today="2026-11-26").json["sent"]) == 1
    (log,) = done("remind", "--log", "--json").json
    assert (log["status"], log["problem"], log["doubled"]) == ("sent", None, False)


def test_what_waits_takes_the_new_along_and_drops_what_is_done(
    done: Run, registered: Run, settings: Run, folder: Path, held_up: Run, case: str
) -> None:
    """A letter that could not go out yesterday goes out as things stand today: one letter, up to date."""
    settings(FILE)
    other = registered(subject="另一件")
    held_up()
    done("transition", other, "withdraw")
    new = registered(received="2026-10-28", subject="新来的")

    did = done("remind", "--json", today="2026-11-26").json

    assert [one["reminders"] for one in did["sent"]] == [2]
    (path,) = (folder / "out").iterdir()
    text = path.read_text("utf-8")
    assert other not in text
    assert text.index(new) < text.index(case)
    assert "还有 2 个工作日" in text


def test_a_case_that_changed_hands_is_told_to_its_new_unit(done: Run, handed_on: str) -> None:
    """What waited for the unit that gave the case away is dropped; the new unit is told."""
    did = done("remind", "--json", today="2026-11-25").json

    assert [one["recipient"] for one in did["sent"]] == ["unit:规划科"]
    assert did["done_meanwhile"] == 1


def test_a_case_that_comes_back_is_told_to_its_unit_after_all(done: Run, handed_on: str) -> None:
    """What was dropped has told nobody: when the unit has the case again, the stage is told."""
    done("remind", today="2026-11-25")
    done("assign", handed_on, "--unit", "法规科", today="2026-11-25")

    did = done("remind", "--json", today="2026-11-25").json

    assert [one["recipient"] for one in did["sent"]] == ["unit:法规科"]


def test_what_was_all_done_meanwhile_is_not_sent(
    done: Run, settings: Run, folder: Path, held_up: Run, case: str
) -> None:
    """A letter of which nothing is left is dropped, and the log says so."""
    settings(FILE)
    held_up()
    done("transition", case, "withdraw")

    assert done("remind", "--json", today="2026-11-25").json["done_meanwhile"] == 1
    assert not (folder / "out").exists()
    assert [one["status"] for one in done("remind", "--log", "--json").json] == ["dropped"]


@pytest.mark.usefixtures("case")
def test_a_channel_that_was_taken_away_holds_nothing_up(done: Run, settings: Run, folder: Path) -> None:
    """What waited for a channel that no rule uses any more is dropped; the new one tells it."""
    settings(FILE)
    (folder / "out").write_text("in the way", "utf-8")
    done("remind")
    settings(**{'[channels.file]\nfolder = "out"\n': "", 'channel = "file"': ""})

    did = done("remind", "--json", today="2026-11-25").json

    assert [one["channel"] for one in did["sent"]] == ["console"]
    assert did["done_meanwhile"] == 1


def test_a_unit_without_an_address_is_given_up_with_a_word(
    done: Run, run: Run, settings: Run, case: str
) -> None:
    """A unit that no settings declare cannot get mail; it is said whose letter that was."""
    settings('\n[channels.mail]\nhost = "127.0.0.1"\nsender = "a@example.org"\n'
             '[[remind.rules]]\nbefore = [5]\nto = ["unit"]\nchannel = "mail"\n')  # fmt: skip
    done("assign", case, "--unit", "办公室")

    did = run("remind", "--json")

    assert did.status == 1
    assert "办公室" in did.json["given_up"][0]["problem"]


@pytest.mark.usefixtures("case")
def test_nothing_goes_out_in_quiet_hours(done: Run, settings: Run, dump: Run) -> None:
    """Quiet hours around the clock but for a minute: nothing is claimed, and the end is named."""
    settings(default_person='remind.quiet = {since = "00:00", until = "23:59"}\ndefault_person')
    before = dump()

    did = done("remind", "--json").json

    assert did["closed_until"].startswith("2026-11-24T23:59")
    assert did["sent"] == []
    assert dump() == before


@pytest.mark.usefixtures("case")
def test_the_digest_speaks_the_offices_language(done: Run, settings: Run) -> None:
    """An office that works in English is told in English."""
    settings(**{'language = "zh"': 'language = "en"'})

    assert "4 working days left" in done("remind").out


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ('[[remind.rules]]\nto = ["handler"]\nchannel = "mail"\n', "channel", "channel_not_set"),
        ('[[remind.rules]]\nto = ["handler"]\nchannel = "pigeon"\n', "channel", "value_wrong"),
        ('[[remind.rules]]\nto = ["nobody"]\n', "to =", "unknown_addressee"),
        ('[[remind.rules]]\nto = ["handler"]\n[[remind.rules]]\nto = ["financ"]\n', '"financ"',
         "unknown_addressee"),
        ('[[remind.rules]]\nlimits = ["answr"]\nto = ["handler"]\n', "limits", "unknown_limit_in_rule"),
        ('[[remind.rules]]\nbefor = [1]\nto = ["handler"]\n', "befor", "key_unknown"),
        ('[[remind.rules]]\nbefore = [0]\nto = ["handler"]\n', "before", "value_wrong"),
        ('[remind]\nat = ["25:00"]\n', "at =", "value_wrong"),
        ("[remind]\nat = []\n", "at =", "value_wrong"),
        ('[channels.pigeon]\nfolder = "x"\n', "channels.pigeon", "key_unknown"),
        ('[channels.mail]\nhost = "h"\nsender = "a@b"\nuser = "u"\n', "user", "user_and_password"),
        ('[channels.mail]\nhost = "h"\nsender = "a@b"\nuser = "u"\npassword_env = "E"\npassword_file = "f"\n',
         "password_file", "secret_twice"),
        ('[channels.mail]\nhost = "h"\nsender = "a@b"\ntls = "maybe"\n', "tls", "value_wrong"),
        ("[channels.wecom]\ntimeout = 3\n", "channels.wecom", "key_missing"),
        ('[channels.wecom]\nurl = "ftp://geheim"\n', "url", "value_wrong"),
        ('[channels.mail]\nhost = "h"\nsender = "a@b"\n[[remind.rules]]\nto = ["head"]\nchannel = "mail"\n',
         'to = ["head"]', "no_address"),
        ('[remind]\nlease = 1\n[channels.wecom]\nurl = "http://h/"\n', "channels.wecom", "lease_too_short"),
        ('[units.law]\nname = "法规科"\nemail = "not an address"\n', "email", "value_wrong"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_its_line(
    refused: Run, settings: Run, folder: Path, more: str, place: str, code: str
) -> None:
    """What is wrong with rules, channels or addresses is said by line, before anything is sent."""
    settings("\n" + more)
    lines = (folder / "config.toml").read_text("utf-8").splitlines()
    line = max(number for number, text in enumerate(lines, start=1) if place in text)

    error = refused("remind")

    assert error["error"] == "config_broken"
    assert [(one["error"], one["where"]) for one in error["findings"]] == [(code, f"config.toml:{line}")]
    assert "geheim" not in str(error)


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--log", "--dry-run"], "one_way_to_remind"), (["--limit", "3"], "limit_of_log"),
     (["--watch", "--again"], "one_way_to_remind")],
)  # fmt: skip
def test_one_thing_at_a_time(refused: Run, words: list[str], code: str) -> None:
    """Looking, sending and watching exclude each other."""
    assert refused("remind", *words, status=2)["error"] == code


@pytest.mark.usefixtures("case")
def test_an_address_of_a_robot_is_taken_from_the_settings(done: Run, settings: Run) -> None:
    """A private host is as good as a public one; nothing of it is printed."""
    settings('\n[channels.dingtalk]\nurl = "http://10.0.0.5:8080/robot?token=geheim"\n'
             '[[remind.rules]]\nbefore = [5]\nto = ["handler"]\nchannel = "dingtalk"\n')  # fmt: skip

    found = done("remind", "--dry-run")

    assert "钉钉" in found.out
    assert "geheim" not in found.out + found.err


def _declared(settings: Run) -> None:
    settings('\n[units.gh]\nname = "规划科"\n')


def test_a_unit_that_is_declared_later_is_reached_by_its_name(
    done: Run, run: Run, settings: Run, case: str
) -> None:
    """What was given up for want of an address goes out once the unit has one."""
    settings('\n[channels.apprise]\n'
             '[[remind.rules]]\nbefore = [5]\nto = ["unit"]\nchannel = "apprise"\n')  # fmt: skip
    done("assign", case, "--unit", "规划科")
    assert run("remind").status == 1
    settings('\n[units.gh]\nname = "规划科"\napprise = "json://127.0.0.1:9/"\n')

    did = run("remind", "--again", "--json")

    assert did.json["given_up"] == []  # it has an address: what is tried again is the way to it
    assert [one["recipient"] for one in did.json["waiting"]] == ["unit:规划科"]
    (one,) = done("remind", "--dry-run", "--json").json["reminders"] or [None]
    assert one is None  # told, or about to be: by the key as by the name


def test_a_unit_is_not_told_twice_for_its_key(done: Run, settings: Run, folder: Path, case: str) -> None:
    """What the unit was told under its name, it is not told again under its key."""
    settings(FILE.replace('"handler"', '"unit"'))
    done("assign", case, "--unit", "规划科")
    assert len(done("remind", "--json").json["sent"]) == 1
    _declared(settings)

    assert planned(done, "2026-11-25") == []
    assert planned(done, "2026-11-26") == [(case, "answer", 2, "unit:gh", "file")]


@pytest.mark.usefixtures("case")
def test_what_was_given_up_is_told_of_until_it_is_sent_again(
    done: Run, run: Run, settings: Run, folder: Path
) -> None:
    """A pass that follows ends with status 1 too: a timer stays red until somebody has looked."""
    settings("\n[remind]\nattempts = 1\n" + FILE)
    (folder / "out").write_text("in the way", "utf-8")
    assert run("remind").status == 1

    for day in ("2026-11-24", "2026-11-25"):
        later = run("remind", "--json", today=day)
        assert later.status == 1
        assert later.error["error"] == "reminders_still_given_up"
        assert later.json["given_up"] == []
        assert [one["status"] for one in later.json["still_given_up"]] == ["given_up"]
        assert "经办人" in later.err
    (folder / "out").unlink()
    done("remind", "--again")
    assert done("remind", "--json").json["still_given_up"] == []


def test_a_built_in_rule_is_not_taken_for_one_of_the_settings(
    done: Run, settings: Run, registered: Run, moved: Run
) -> None:
    """The settings have no rule 2: the plan says that it is built in, and what its stage means."""
    number = registered()
    moved(number, "accept@2026-11-02", "consult_organ@2026-11-03 --set party=市保密局 --set role=other")

    out = done("remind", "--dry-run", today="2026-12-08").out  # ten working days after the day to ask
    assert "内置 2" in out
    assert "逾期 10 个工作日" in out
    assert "逾期满 6 个工作日" in out

    settings(FILE.replace('"handler"', '"handler"]\nlimits = ["other_organ_opinion"'))
    assert "内置" not in done("remind", "--dry-run", today="2026-12-08").out


AT_ONCE = """
[remind]
same_day = true
"""


def _due_today(registered: Run) -> str:
    """An application that was received in October and is registered on its last day."""
    return str(registered(received="2026-10-27", today="2026-11-24"))


@pytest.mark.usefixtures("case")
def test_what_becomes_urgent_later_waits_for_the_next_day_by_default(
    done: Run, settings: Run, registered: Run
) -> None:
    """One digest a person and day: who has had it hears of the rest on the next working day."""
    settings(FILE)
    assert len(done("remind", "--json").json["sent"]) == 1
    late = _due_today(registered)

    assert done("remind", "--json").json["claimed"] == 0
    assert [one[:3] for one in planned(done, "2026-11-25") if one[0] == late] == [(late, "answer", -1)]


@pytest.mark.usefixtures("case")
def test_a_last_day_is_told_on_it_where_the_office_wants_so(
    done: Run, settings: Run, registered: Run, folder: Path
) -> None:
    """With `same_day` what is due today goes out in a further digest, marked; what has time waits."""
    settings(AT_ONCE + FILE)
    assert [one["part"] for one in done("remind", "--json").json["sent"]] == [1]
    late = _due_today(registered)
    in_time = str(registered(received="2026-11-02"))

    (further,) = done("remind", "--json").json["sent"]

    assert (further["part"], further["reminders"], further["day"]) == (2, 1, "2026-11-24")
    (text,) = [
        text
        for path in (folder / "out").iterdir()
        if "（当日追加）" in (text := path.read_text("utf-8"))
    ]
    assert late in text
    assert in_time not in text
    assert done("remind", "--json").json["claimed"] == 0
    assert in_time in [one[0] for one in planned(done, "2026-11-25")]
    assert "（当日追加）" in done("remind", "--log").out
