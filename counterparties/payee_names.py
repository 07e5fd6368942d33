"""Whether the payee that a document names is the account holder we know, answered as Verification of Payee answers.

The four answers are those of the scheme (EPC218-23, Regulation (EU) 2024/886): match, close match, no match, and not
possible. Pure; a bank's own service may be asked too, through `PayeeVerifier`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from rapidfuzz.distance import JaroWinkler

from counterparties.names import Name, forms_differ, read_name, resemblance

Answer = Literal["match", "close_match", "no_match", "not_possible"]

# What banks use for names of companies, of Jaro-Winkler or Levenshtein ratio.
MATCHES_FROM = 0.85
IS_CLOSE_FROM = 0.75
_SHORTEST_BEGINNING = 5


@dataclass(frozen=True, slots=True)
class NameCheck:
    """`holder` is the name on file that fits best, `score` how well, 0..1; `asked` says who answered: `ledger` for
    our own comparison, else the name of the service. `note` is a sentence where there is something to say."""

    answer: Answer
    payee: str = ""
    holder: str = ""
    score: float = 0.0
    asked: str = "ledger"
    note: str = ""


class PayeeVerifier(Protocol):
    """A service that knows who holds an account. It may raise whatever it likes: that gives `not_possible`."""

    name: str

    def verify(self, *, iban: str, payee: str) -> Answer: ...


def check_name(*, payee: str | None, holders: Iterable[str]) -> NameCheck:
    """How the document's `payee` compares with the names on file of the account's holder; the best counts.

    `not_possible` when either side has no name. Names that only differ in their legal form are a close match: the
    companies may be two. So is a short form of the very same name (`Hollmann` for `Hollmann Technik GmbH`).
    """
    names = [name for name in holders if name.strip()]
    read = read_name(payee or "")
    if not read.key or not names:
        return NameCheck("not_possible", payee or "", names[0] if names else "", note="One of the names is not known.")
    checks = [_compared(payee or "", read, name) for name in names]
    return max(checks, key=lambda check: (_RANK[check.answer], check.score))


def weaker(*, one: NameCheck, other: NameCheck) -> NameCheck:
    """Of two answers the one that asks for more care; `not_possible` gives way to any other."""
    return min((one, other), key=lambda check: _CARE[check.answer])


_RANK: dict[Answer, int] = {"match": 3, "close_match": 2, "no_match": 1, "not_possible": 0}
_CARE: dict[Answer, int] = {"no_match": 0, "close_match": 1, "match": 2, "not_possible": 3}


def _compared(payee: str, read: Name, holder: str) -> NameCheck:
    other = read_name(holder)
    score = resemblance(one=read, other=other)
    if score >= MATCHES_FROM:
        if forms_differ(one=read, other=other):
            return NameCheck("close_match", payee, holder, score, note="The legal forms differ.")
        return NameCheck("match", payee, holder, score)
    if score >= IS_CLOSE_FROM or _begins_alike(read.key, other.key):
        return NameCheck("close_match", payee, holder, score)
    return NameCheck("no_match", payee, holder, score)


def _begins_alike(one: str, other: str) -> bool:
    """One is the beginning of the other, word for word: a short form, or words that were read along with the name."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    begins = longer[: len(shorter)]
    return len(" ".join(shorter)) >= _SHORTEST_BEGINNING and all(
        JaroWinkler.similarity(left, right) >= MATCHES_FROM for left, right in zip(shorter, begins, strict=True)
    )
