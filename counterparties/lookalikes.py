"""Names and mail domains made to be taken for a known supplier's: other letters that look the same, or one edit away.

Which letters look alike is Unicode's list (UTS 39, confusables.txt); to it come the pairs that pass for one another in
print (`rn` and `m`, `vv` and `w`, `1` and `l`). Pure.

Honest names are like others too (`Meier` and `Meyer`), and engines misread: so nothing is said of a document whose IBAN
is on file of the payee that was found, nor once a person has chosen the payee.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data
from rapidfuzz.distance import OSA

from counterparties.addresses import address_words, same_address
from counterparties.evidence import CounterpartyRow, Match, MatchWarning, PayeeEvidence
from counterparties.identifiers import telling_domains
from counterparties.names import read_name, resemblance
from customers.sentences import Sentence

_SHORTEST_NAME = 6  # the longer of two; the shorter may have a letter less
_SHORTEST_LABEL = 5
_ITS_NAME = 0.85
_MOST_WORDS_MORE = 2
_IN_PRINT = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))
_TAKEN_FOR_COM = frozenset({"co", "cm", "om", "corn", "con"})


def lookalike_warnings(
    *, evidence: PayeeEvidence, match: Match, candidates: Iterable[CounterpartyRow]
) -> tuple[MatchWarning, ...]:
    """`lookalike_name` and `lookalike_domain`, each at most once; none where the document's IBAN led to the account.

    `candidates` should also hold what `plain_letters` of the name finds.
    """
    if match.account_id is not None and not match.account_is_assumed:
        return ()
    others = [row for row in candidates if not row.is_own]
    found = (_name_warning(evidence, others), _domain_warning(evidence, others))
    return tuple(warning for warning in found if warning)


def plain_letters(text: str) -> str:
    """The text with every letter of another script that looks like a Latin one replaced by that: `Нollоw` gives
    `Hollow`. Latin letters with accents stay, and so does what looks like no Latin letter."""
    return "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text))


def name_imitates(*, name: str, known: str) -> bool:
    """Whether `name` is another than `known` and made to be taken for it.

    Two spellings of one name (accents, `ue` for `ü`, another legal form) are the same name; names that differ in a
    digit or in a word of two letters (`Objekt 12`, `A. Meier`) are two.
    """
    if _has_foreign_lookalikes(name):
        plain, meant = read_name(plain_letters(name)), read_name(known)
        return bool(plain.key) and _in_print(plain.key) == _in_print(meant.key)
    one, other = read_name(name), read_name(known)
    if one.key == other.key or not _is_long_enough(_joined(one.key), _joined(other.key), _SHORTEST_NAME):
        return False
    # The key without legal form and `e` behind vowels, and the name as it stands: either may hide what was done.
    spellings = ((one.key, other.key), (one.folded, other.folded))
    return any(
        _one_step(_joined(here), _joined(there)) and _telling_words_differ(here, there) for here, there in spellings
    )


def name_extends(*, name: str, known: str) -> bool:
    """Whether `name` is `known` with one or two words more."""
    one, other = read_name(name).key.split(), read_name(known).key.split()
    more = [word for word in one if word not in other]
    return bool(other) and set(other) < set(one) and 1 <= len(more) <= _MOST_WORDS_MORE


def domain_imitates(*, domain: str, known: str) -> bool:
    """Whether `domain` is another than `known` and made to be taken for it; another country's ending is none."""
    one, other = _readable(domain), _readable(known)
    if domain == known or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return False
    if plain_letters(one) != one or one != domain:
        return plain_letters(one) == plain_letters(other)
    (name, ending), (known_name, known_ending) = _parts(one), _parts(other)
    if name == known_name:
        return known_ending == "com" and ending in _TAKEN_FOR_COM
    return _is_long_enough(name, known_name, _SHORTEST_LABEL) and _one_step(name, known_name)


def domain_borrows(*, domain: str, known: str) -> bool:
    """Whether `domain` has the owner's label of `known` under another ending, or with a word more behind a hyphen.

    Companies do that themselves: it tells something only where the document bears their name as well.
    """
    (name, _), (known_name, _) = _parts(_readable(domain)), _parts(known)
    return domain != known and len(known_name) >= _SHORTEST_LABEL and known_name in {name, name.rpartition("-")[0]}


def _name_warning(evidence: PayeeEvidence, others: list[CounterpartyRow]) -> MatchWarning | None:
    name = evidence.name or ""
    foreign = _has_foreign_lookalikes(name)
    known = [(row, alias) for row in others for alias in (row.legal_name, *row.aliases)]
    if not name or (not foreign and (not evidence.iban or _is_on_file(name, known))):
        return None
    imitated = next((row for row, alias in known if name_imitates(name=name, known=alias)), None)
    how = Sentence("it is written with letters of another script") if foreign else Sentence("hardly a letter differs")
    if imitated is None:
        imitated = next((row for row, alias in known if _takes_up(evidence, name, row, alias)), None)
        how = Sentence("it has a word more")
    if imitated is None:
        return None
    message = Sentence(
        "The seller's name {name} is not the known {known_name}, but looks like it: {how}. Find out who sent the "
        "document.",
        name=repr(name),
        known_name=repr(imitated.legal_name),
        how=how,
    )
    return MatchWarning("lookalike_name", message, field="seller_name", counterparty_id=imitated.id)


def _takes_up(evidence: PayeeEvidence, name: str, row: CounterpartyRow, known: str) -> bool:
    """Whether the name is all of the known one and a word or two (`Services`, `Group`): of two words at least, or at
    the very address, for a single word may be in many honest names."""
    if not name_extends(name=name, known=known):
        return False
    line = address_words(evidence.address or "")
    return len(read_name(known).key.split()) > 1 or any(same_address(line=line, row=each) for each in row.addresses)


def _is_on_file(name: str, known: Iterable[tuple[CounterpartyRow, str]]) -> bool:
    key = read_name(name).key
    return any(key == read_name(alias).key for _, alias in known)


def _domain_warning(evidence: PayeeEvidence, others: list[CounterpartyRow]) -> MatchWarning | None:
    domain = (evidence.email or "").strip().casefold().rpartition("@")[2]
    # A domain with letters beyond ASCII is none by `identifiers`, and the more worth a look.
    if not evidence.iban or not domain or (domain.isascii() and not telling_domains(f"a@{domain}")):
        return None
    on_file = [(row, telling_domains(email)) for row in others for email in row.emails]
    if any(domain in levels or domain.endswith(f".{levels[0]}") for _, levels in on_file if levels):
        return None
    for row, levels in on_file:
        if levels and (domain_imitates(domain=domain, known=levels[0]) or _borrowed(domain, levels[0], evidence, row)):
            message = Sentence(
                "The seller's mail domain {domain} is not {known_domain}, the one on file of {legal_name}, but "
                "could be taken for it; find out who sent the document.",
                domain=domain,
                known_domain=levels[0],
                legal_name=row.legal_name,
            )
            return MatchWarning("lookalike_domain", message, field="seller_email", counterparty_id=row.id)
    return None


def _borrowed(domain: str, known: str, evidence: PayeeEvidence, row: CounterpartyRow) -> bool:
    name = read_name(evidence.name or "")
    names = [read_name(alias) for alias in (row.legal_name, *row.aliases)]
    is_named = any(resemblance(one=name, other=alias) >= _ITS_NAME for alias in names)
    return is_named and domain_borrows(domain=domain, known=known)


def _has_foreign_lookalikes(text: str) -> bool:
    """Whether a name in Latin letters holds some of another script that look Latin."""
    letters = [letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()]
    foreign = [letter for letter in letters if _plain(letter) != letter]
    if not foreign or not any("LATIN" in unicodedata.name(letter, "") for letter in letters):
        return False
    # A legal form in Latin letters behind a Greek or Cyrillic name is honest: then most letters look like none of ours.
    strange = [letter for letter in letters if _plain(letter) == letter and "LATIN" not in unicodedata.name(letter, "")]
    return not strange


def _is_long_enough(one: str, other: str, shortest: int) -> bool:
    """Short names are one step apart by chance."""
    return max(len(one), len(other)) >= shortest and min(len(one), len(other)) >= shortest - 1


def _one_step(one: str, other: str) -> bool:
    """One letter more, less, other or exchanged with its neighbour, or the same in print; never a digit."""
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return _in_print(one) == _in_print(other) and re.sub(r"\d", "", one) != re.sub(r"\d", "", other)
    return OSA.distance(one, other, score_cutoff=1) == 1 or _in_print(one) == _in_print(other)


def _joined(text: str) -> str:
    return text.replace(" ", "")


def _telling_words_differ(one: str, other: str) -> bool:
    """Whether what differs is in a word of three letters or more: initials and numbers tell honest people apart."""
    left, right = one.split(), other.split()
    if len(left) != len(right):
        return True
    return any(min(len(here), len(there)) > 2 for here, there in zip(left, right, strict=True) if here != there)


def _in_print(text: str) -> str:
    for seen, meant in _IN_PRINT:
        text = text.replace(seen, meant)
    return text


def _readable(domain: str) -> str:
    """The domain as it is shown: labels in Punycode (RFC 3492) become what they stand for."""
    try:
        return ".".join(
            label[4:].encode().decode("punycode") if label.startswith("xn--") else label for label in domain.split(".")
        )
    except (UnicodeError, ValueError):
        return domain


def _parts(domain: str) -> tuple[str, str]:
    """The label that the owner chose, and the ending, which may have two labels (`co.uk`); what is below is left."""
    labels = domain.split(".")
    endings = 2 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else 1
    return "".join(labels[:-endings][-1:]), ".".join(labels[-endings:])


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter.isascii() or "LATIN" in unicodedata.name(letter, "LATIN"):
        return letter
    alike = [each["c"] for each in confusables_data.get(letter, ())]
    letters = [one for one in alike if len(one) == 1 and one.isascii() and one.isalpha()]
    # Unicode has one likeness for l and I: of a capital letter it is the capital one.
    return next(("I" if one == "l" and letter.isupper() else one for one in letters), letter)
