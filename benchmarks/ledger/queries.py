"""Questions to the books with known right answers, drawn from the entries themselves. Pure."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.ledger.entries import Entry
from benchmarks.ledger.mistakes import misread, mistyped, reordered, transliterated
from benchmarks.ledger.names import FirmName
from counterparties.evidence import PayeeEvidence
from counterparties.names import fold, name_key

Answer = Literal["found", "not_found", "ambiguous"]
_SPOILING_TRIES = 20


@dataclass(frozen=True, slots=True)
class Question:
    """`right` are the ids that may be meant: the one to be found, or those among which nobody can choose."""

    kind: str
    evidence: PayeeEvidence
    answer: Answer
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What questions are drawn from: entries by kind (a family stays together) and the names that are taken."""

    families: dict[str, list[list[Entry]]]
    taken: set[str]


class Sampler:
    """Keeps some families of each kind from a stream of entries, evenly over the whole stream."""

    def __init__(self, *, seed: int, most: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311
        self._most = most
        self._seen: dict[str, int] = defaultdict(int)
        self._open: list[Entry] = []
        self.families: dict[str, list[list[Entry]]] = defaultdict(list)

    def see(self, entry: Entry) -> None:
        if self._open and self._open[0].family != entry.family:
            self._keep(self._open)
            self._open = []
        self._open.append(entry)

    def _keep(self, family: list[Entry]) -> None:
        """Reservoir sampling: each family of the stream has the same chance to stay."""
        kept, kind = self.families[family[0].kind], family[0].kind
        self._seen[kind] += 1
        if len(kept) < self._most:
            kept.append(family)
        elif (place := self._chance.randrange(self._seen[kind])) < self._most:
            kept[place] = family


def questions(*, sample: Sample, strangers: Iterable[FirmName], count: int, seed: int) -> list[Question]:
    """At most `count` questions of each kind; fewer where the books have not so many entries for it."""
    chance = random.Random(seed)  # noqa: S311
    asked: list[Question] = []
    for kind, (families, ask) in _KINDS.items():
        pool = list(sample.families.get(families, ()))
        chance.shuffle(pool)
        made = (question for family in pool if (question := ask(_Draw(kind, family, sample.taken, chance))))
        asked += [question for question, _ in zip(made, range(count), strict=False)]
    asked += [
        Question(kind="unknown firm", evidence=PayeeEvidence(name=name.full), answer="not_found")
        for name, _ in zip(strangers, range(count), strict=False)
    ]
    return asked


@dataclass(frozen=True, slots=True)
class _Draw:
    """What a question is made of: a family of entries, the names that are taken, and chance."""

    kind: str
    family: list[Entry]
    taken: set[str]
    chance: random.Random

    def question(self, evidence: PayeeEvidence, answer: Answer, right: Iterable[Entry] = ()) -> "Question":
        return Question(self.kind, evidence, answer, tuple(str(entry.id) for entry in right))


_Ask = Callable[[_Draw], Question | None]


def own_questions(*, own: Entry) -> list[Question]:
    """The payer's own details as they stand on every invoice that it gets: it must never be found."""
    told = (
        PayeeEvidence(name=own.legal_name),
        PayeeEvidence(name=own.legal_name, vat_id=own.vat_id),
        PayeeEvidence(iban=own.iban),
        PayeeEvidence(name=own.legal_name, iban=own.iban, vat_id=own.vat_id, email=own.email),
        PayeeEvidence(email=own.email),
        PayeeEvidence(vat_id=own.vat_id),
    )
    return [Question(kind="own company", evidence=evidence, answer="not_found") for evidence in told]


def _true_name(entry: Entry) -> FirmName | None:
    return entry.name


def _other_name(entry: Entry) -> FirmName | None:
    return entry.other_name


def _asking(tell: Callable[[Entry], PayeeEvidence | None]) -> _Ask:
    """Asks for the only or the first one of a family with what `tell` says of it; None says too little is on file."""

    def ask(draw: _Draw) -> Question | None:
        evidence = tell(draw.family[0])
        return draw.question(evidence, "found", draw.family[:1]) if evidence else None

    return ask


def _spoiling(
    spoil: Callable[..., str], *, times: int = 1, by: Callable[[Entry], FirmName | None] = _true_name
) -> _Ask:
    """Asks by a name of which the part before the legal form came out wrong: not unchanged, nor as another's name."""

    def ask(draw: _Draw) -> Question | None:
        name = by(draw.family[0])
        if name is None:
            return None
        for _ in range(_SPOILING_TRIES):
            core = name.core
            for _ in range(times):
                core = spoil(core, chance=draw.chance)
            key = name_key(f"{core} {name.form}")
            if fold(core) and core != name.core and (key == name_key(name.full) or key not in draw.taken):
                return draw.question(PayeeEvidence(name=f"{core} {name.form}".strip()), "found", draw.family[:1])
        return None

    return ask


def _other_form(draw: _Draw) -> Question | None:
    """The same firm under another legal form's name, or without it."""
    name = draw.family[0].name
    form = draw.chance.choice(["", "GmbH", "AG", "Ltd", "S.A.", "S.r.l.", "B.V.", "Sp. z o.o."])
    if form == name.form:
        return None
    return draw.question(PayeeEvidence(name=f"{name.core} {form}".strip()), "found", draw.family[:1])


def _in_other_case(name: str, *, chance: random.Random) -> str:
    return name.upper() if chance.random() < 0.7 else name.lower()


def _all_of(evidence: Callable[[list[Entry]], PayeeEvidence]) -> _Ask:
    """Asks for what all of a family have: nobody can choose among them."""

    def ask(draw: _Draw) -> Question | None:
        return draw.question(evidence(draw.family), "ambiguous", draw.family) if len(draw.family) > 1 else None

    return ask


def _nobody(tell: Callable[[Entry], PayeeEvidence | None]) -> _Ask:
    def ask(draw: _Draw) -> Question | None:
        evidence = tell(draw.family[0])
        return draw.question(evidence, "not_found") if evidence else None

    return ask


_KINDS: dict[str, tuple[str, _Ask]] = {
    "IBAN": ("plain", _asking(lambda e: PayeeEvidence(iban=e.iban) if e.iban else None)),
    "VAT number": ("plain", _asking(lambda e: PayeeEvidence(vat_id=e.vat_id) if e.vat_id else None)),
    "e-mail address": ("plain", _asking(lambda e: PayeeEvidence(email=e.email) if e.email else None)),
    "name, exact": ("plain", _asking(lambda e: PayeeEvidence(name=e.legal_name))),
    "name, other case": ("plain", _spoiling(_in_other_case)),
    "name, other legal form": ("plain", _other_form),
    "name, other accents": ("plain", _spoiling(transliterated)),
    "name, one typo": ("plain", _spoiling(mistyped)),
    "name, two typos": ("plain", _spoiling(mistyped, times=2)),
    "name, misread letters": ("plain", _spoiling(misread)),
    "name, words in other order": ("plain", _spoiling(reordered)),
    "name, spoilt on file": ("noisy", _asking(lambda e: PayeeEvidence(name=e.name.full))),
    "former name": ("renamed", _asking(lambda e: PayeeEvidence(name=e.aliases[0]))),
    "former name, one typo": ("renamed", _spoiling(mistyped, by=_other_name)),
    "trading name": ("alias", _asking(lambda e: PayeeEvidence(name=e.aliases[0]))),
    "firm with branches": ("branches", _asking(lambda e: PayeeEvidence(name=e.legal_name))),
    "firm with branches, one typo": ("branches", _spoiling(mistyped)),
    "group's VAT number and name": (
        "group",
        _asking(lambda e: PayeeEvidence(name=e.legal_name, vat_id=e.vat_id)),
    ),
    "shared IBAN and name": ("shared_iban", _asking(lambda e: PayeeEvidence(name=e.legal_name, iban=e.iban))),
    "twins": ("twins", _all_of(lambda family: PayeeEvidence(name=family[0].legal_name))),
    "shared IBAN only": ("shared_iban", _all_of(lambda family: PayeeEvidence(iban=family[0].iban))),
    "group's VAT number only": ("group", _all_of(lambda family: PayeeEvidence(vat_id=family[0].vat_id))),
    "deactivated": ("inactive", _nobody(lambda e: PayeeEvidence(name=e.legal_name, iban=e.iban, vat_id=e.vat_id))),
}
