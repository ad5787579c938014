"""Amounts of money as a letter writes them: in figures, and in the words that nobody alters unseen."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_GROUP = 10_000
_CENTS = 100
HIGHEST = 10**14  # in cents: below 万亿 yuan


def in_figures(cents: int) -> str:
    """1700 yuan are `1700元`, 1700 yuan and 5 cents `1700.05元`."""
    yuan, rest = divmod(cents, _CENTS)
    return f"{yuan}.{rest:02}元" if rest else f"{yuan}元"


def _four(number: int) -> str:
    """A number below 10000, without leading zeros; one 零 stands for a run of them."""
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return text


def _whole(yuan: int) -> str:
    text = ""
    gap = False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = yuan // _GROUP**place % _GROUP
        if group:
            led = gap or (bool(text) and group < _GROUP // 10)
            text += ("零" if led and text else "") + _four(group) + _GROUPS[place]
        gap = bool(text) and not group
    return text or _DIGITS[0]


def in_words(cents: int) -> str:
    """An amount in capital numerals: 1700 yuan are 壹仟柒佰元整.

    Raises:
        ValueError: a negative amount, or one of a billion yuan times a thousand and more.
    """
    if not 0 <= cents < HIGHEST:
        raise ValueError(cents)
    yuan, rest = divmod(cents, _CENTS)
    tens, ones = divmod(rest, 10)
    if not rest:
        return f"{_whole(yuan)}元整"
    text = f"{_whole(yuan)}元" if yuan else ""
    if tens:
        text += f"{_DIGITS[tens]}角"
    elif yuan:
        text += _DIGITS[0]
    return text + (f"{_DIGITS[ones]}分" if ones else "整")
