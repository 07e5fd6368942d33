"""Characters that an OCR engine took for their likes, put right where check digits prove exactly one way to do so.

Only for words that were recognised: a text layer says what it says. At most two characters are exchanged, and only
for such as look alike (O and 0, I and 1, S and 5, B and 8 …): a digit is never taken for another digit, since then
some number nearby would pass almost any check.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, product

from ocr.extraction.checks import belgian_reference_of, creditor_reference_of, qr_reference_of, vat_id_of

MOST_REPAIRS = 2

_SEPARATORS = re.compile(r"[\s.,/+*–-]")
_VAT_DIGITS = {
    "ATU": 8, "BE": 10, "CHE": 9, "DE": 9, "DK": 8, "EE": 9, "EL": 9, "FI": 8, "GB": 9, "HR": 11, "HU": 8, "IT": 11,
    "LU": 8, "LV": 11, "MT": 8, "PL": 10, "PT": 9, "SE": 12, "SI": 8, "SK": 10,
}  # fmt: skip

_DIGITS_FOR = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_LETTERS_FOR = {"0": "ODQ", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B"}
_MOST_FREE = 2  # letters where either may stand; where there are more they are meant, and chance would prove something


def repaired(*, text: str, structure: str, check: Callable[[str], str | None]) -> str | None:
    """What `check` makes of the only repair of the text that it accepts; None where there is none, or several.

    `text` is without separators. `structure` has one letter a place: `n` digit, `a` letter, `c` either, in which only
    letters are ever exchanged. A text that needs no repair is none of this function's business and gives None.
    """
    text = text.upper()
    if len(text) != len(structure) or check(text) is not None:
        return None
    valid = {attempt: value for attempt in _attempts(text, structure) if (value := check(attempt)) is not None}
    if len(valid) != 1:
        return None
    attempt, value = valid.popitem()
    return None if is_ambiguous(text=attempt, structure=structure, check=check) else value


def is_ambiguous(*, text: str, structure: str, check: Callable[[str], str | None]) -> bool:
    """Whether a text that passes its check would pass it as well with a letter for which a digit may stand: mod-97
    does not tell every O from a 0."""
    text = text.upper()
    free = _free(text, structure) if len(text) == len(structure) else {}
    return any(check(_exchanged(text, {place: digit})) is not None for place, digit in free.items())


def keeps_likes(*, text: str, structure: str) -> bool:
    """Whether a letter is left for which a digit may stand: then one more character may have been misread, and a
    repair that passes mod-97 may do so by chance."""
    return bool(_free(text, structure))


def repaired_vat_id(text: str) -> str | None:
    """The VAT number that the text is but for misread digits; only of countries that put nothing but digits behind
    their prefix, since elsewhere the check says too little."""
    compact = _SEPARATORS.sub("", text).upper()
    for prefix, digits in _VAT_DIGITS.items():
        number = compact.removeprefix(prefix)
        if number != compact and len(number) == digits:
            return repaired(text=number, structure="n" * digits, check=partial(_vat_id_of, prefix))
    return None


def _vat_id_of(prefix: str, number: str) -> str | None:
    return vat_id_of(prefix + number)


def repaired_creditor_reference(text: str) -> str | None:
    """The reference RF (ISO 11649) that the text is but for misread digits."""
    compact = "".join(text.split())
    return repaired(text=compact, structure="aann" + "c" * (len(compact) - 4), check=creditor_reference_of)


def repaired_qr_reference(text: str) -> str | None:
    """The Swiss QR reference that the text is but for misread digits."""
    return repaired(text="".join(text.split()), structure="n" * 27, check=qr_reference_of)


def repaired_belgian_reference(text: str) -> str | None:
    """The Belgian structured communication that the text is but for misread digits."""
    return repaired(text=_SEPARATORS.sub("", text), structure="n" * 12, check=belgian_reference_of)


def _attempts(text: str, structure: str) -> Iterator[str]:
    """The texts that fit the structure, with one or two characters exchanged."""
    misplaced: dict[int, str] = {}
    for place, (letter, kind) in enumerate(zip(text, structure, strict=True)):
        if kind == "n" and not letter.isdigit():
            misplaced[place] = _DIGITS_FOR.get(letter, "")
        elif kind == "a" and not letter.isalpha():
            misplaced[place] = _LETTERS_FOR.get(letter, "")
    if len(misplaced) > MOST_REPAIRS:
        return
    free = _free(text, structure)
    for more in range(MOST_REPAIRS - len(misplaced) + 1):
        for chosen in combinations(free, more):
            places = [*misplaced, *chosen]
            options = [misplaced.get(place) or free.get(place, "") for place in places]
            for letters in product(*options):
                yield _exchanged(text, dict(zip(places, letters, strict=True)))


def _free(text: str, structure: str) -> dict[int, str]:
    """The digits that may stand for letters where either is allowed, by place; none where letters are the rule."""
    letters = {
        place: letter
        for place, (letter, kind) in enumerate(zip(text, structure, strict=True))
        if kind == "c" and letter.isalpha()
    }
    if len(letters) > _MOST_FREE:
        return {}
    return {place: _DIGITS_FOR[letter] for place, letter in letters.items() if letter in _DIGITS_FOR}


def _exchanged(text: str, letters: dict[int, str]) -> str:
    return "".join(letters.get(place, letter) for place, letter in enumerate(text))
