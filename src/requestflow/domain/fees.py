"""The processing fee, 109号: marginal tiers, as the workflow file states them, in whole yuan."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from requestflow.domain.workflow import Tariff, Tier, Transition, Workflow
from requestflow.errors import Refused, WrongUsage

AMOUNT = "amount"  # the fact that records what is charged
MOST = 99_999  # more is a slip of the pen


@dataclass(frozen=True, slots=True)
class FeeStep:
    """The part of a count that falls into one tier: from the first to the last, each at `rate` yuan."""

    first: int
    last: int
    rate: int

    @property
    def count(self) -> int:
        """How many fall into it."""
        return self.last - self.first + 1

    @property
    def yuan(self) -> int:
        """What they cost together."""
        return self.count * self.rate


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee with its arithmetic."""

    tariff: Tariff
    count: int
    steps: tuple[FeeStep, ...]

    @property
    def yuan(self) -> int:
        """The whole fee, in yuan."""
        return sum(step.yuan for step in self.steps)


def _spans(tier: Tier, first: int, count: int) -> Iterator[FeeStep]:
    """The steps of one tier that begins at `first`."""
    end = count if tier.up_to is None else min(tier.up_to, count)
    if tier.every is None:
        yield FeeStep(first, end, tier.yuan)
        return
    rate = tier.yuan
    while first <= end:
        yield FeeStep(first, min(first + tier.every - 1, end), rate)
        first, rate = first + tier.every, rate + tier.rise


def fee(tariff: Tariff, count: int) -> Fee:
    """What `count` requests, or pages, cost: each by the tier it falls into, not all by the highest.

    Raises:
        WrongUsage: `fee_count_too_large`.
    """
    if not 0 <= count <= MOST:
        raise WrongUsage("fee_count_too_large", count=count, unit=tariff.unit, most=MOST)
    steps: list[FeeStep] = []
    first = 1
    for tier in tariff.tiers:
        if first > count:
            break
        steps += _spans(tier, first, count)
        first = (tier.up_to or count) + 1
    return Fee(tariff, count, tuple(steps))


def charged(act: Transition, data: Mapping[str, object], workflow: Workflow) -> Fee | None:
    """The fee that a transition's facts amount to; None where it charges none, or nothing is counted.

    Raises:
        Refused: `two_fee_standards`, since one application is charged by one standard alone (109号).
        WrongUsage: `fee_count_too_large`.
    """
    if AMOUNT not in act.facts:
        return None
    counted = [
        (tariff, data[name])
        for name, tariff in workflow.fees.items()
        if name in act.facts and data.get(name) is not None
    ]
    if len(counted) > 1:
        named = [tariff.words for tariff, _count in counted]
        raise Refused("two_fee_standards", transition=act.words, basis=counted[0][0].basis,
                      standards=named)  # fmt: skip
    return next((fee(tariff, count) for tariff, count in counted if isinstance(count, int)), None)


def charges(facts: Collection[str], tariffs: Collection[str]) -> bool:
    """Whether a step with these facts charges a fee: it states an amount, and what is counted."""
    return AMOUNT in facts and any(name in facts for name in tariffs)
