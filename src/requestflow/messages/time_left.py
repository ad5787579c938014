"""How much time is left until a day, in a few words: the same on every screen and in every digest."""

from datetime import date

from requestflow.messages.catalogue import Catalogue


def time_left(words: Catalogue, due: date, remaining: int, today: date) -> str:
    """The time until a day, in words.

    Args:
        words: the language.
        due: the day.
        remaining: working days from today until then, negative once it has passed.
        today: the office's day.
    """
    if due < today:
        return words.text("days_over", days=-remaining) if remaining else words.text("overdue")
    if due == today:
        return words.text("due_today")
    return words.text("days_left", days=remaining) if remaining else words.text("no_working_day_left")
