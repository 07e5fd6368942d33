"""What each kind of evidence weighs, and what it comes to for each candidate. Pure.

Weights add up. So a person can follow the sum, and a contradiction takes away what it is worth. `docs/matching.md`
explains each; a test holds its table to the one here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from uuid import UUID

from counterparties.comparison import NAME_DIFFERS, NAME_IS_CLOSE, NAME_MATCHES, Document, Fit
from counterparties.evidence import Reason, ScoredCandidate
from counterparties.names import read_name
from counterparties.slips import is_misread

WEIGHTS = {
    "iban_exact": 0.6,
    "vat_exact": 0.55,
    "registration_exact": 0.5,
    "email_exact": 0.4,
    "name_exact": 0.4,
    "name_similarity": 0.32,
    "name_resembles": 0.2,
    "name_close": 0.15,
    "legal_form_same": 0.05,
    "email_domain": 0.2,
    "website_domain": 0.2,
    "register_number": 0.2,
    "iban_inactive": 0.2,
    "phone_exact": 0.15,
    "confirmed_name": 0.15,
    "confirmed_details": 0.15,
    "address_same": 0.1,
    "reference_shape": 0.05,
    "vat_differs": -0.6,
    "vat_of_other_counterparty": -0.6,
    "register_differs": -0.3,
    "iban_of_other_counterparty": -0.25,
    "name_of_other_counterparty": -0.2,
    "words_of_others": -0.1,
    "legal_form_differs": -0.08,
    "email_of_other_counterparty": -0.1,
    "name_differs": -0.1,
    "iban_unknown": -0.08,
    "own_counterparty": -1.0,
}
# The least sum, and the least lead before every other candidate, with which a counterparty is found.
FOUND_FROM = 0.3
MARGIN = 0.2
# What names one company. The rest (a domain, a telephone, an address) a whole house may share.
IDENTIFYING = frozenset(
    {
        "iban_exact",
        "vat_exact",
        "registration_exact",
        "email_exact",
        "name_exact",
        "name_similarity",
        "name_resembles",
        "confirmed_name",
    }
)
MOST_CANDIDATES = 10
# So many others bear a word that is none by mistake.
_BORNE_BY = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with all that speaks for and against it; `total` is the sum of the weights."""

    fit: Fit
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]

    @property
    def total(self) -> float:
        return round(sum(reason.weight for reason in (*self.reasons, *self.against)), 4)

    @property
    def is_identified(self) -> bool:
        """Whether it may be chosen at all: enough speaks for it, and something that names one company."""
        return self.total >= FOUND_FROM and any(reason.code in IDENTIFYING for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class _Rivals:
    """What others have that a candidate does not."""

    holds_iban: bool
    holds_vat: bool
    holds_email: bool
    fewest_slips: float
    fewest_slips_of_form: float
    words: Mapping[str, int]
    alike: Mapping[frozenset[str], int]


def weigh(*, document: Document, fits: Sequence[Fit]) -> tuple[Weighed, ...]:
    """Every candidate weighed, in the order of `fits`; the payer's own counterparty counts for no rival."""
    strangers = [fit for fit in fits if not fit.row.is_own]
    rivals = _Rivals(
        holds_iban=any(fit.account for fit in strangers),
        holds_vat=any(fit.has_vat for fit in strangers),
        holds_email=any(fit.has_email or fit.has_domain for fit in strangers),
        fewest_slips=min((_slips(fit) for fit in strangers if fit.name_matches), default=inf),
        fewest_slips_of_form=min(
            (_slips(fit) for fit in strangers if fit.name_matches and fit.form == "same"), default=inf
        ),
        words=Counter(word for fit in strangers for word in _words(fit)),
        alike=Counter(map(_words, strangers)),
    )
    return tuple(
        Weighed(fit=fit, reasons=_reasons(document, fit), against=_against(document, fit, rivals)) for fit in fits
    )


def score_candidates(*, weighed: Iterable[Weighed], chosen: UUID | None) -> tuple[ScoredCandidate, ...]:
    """The ten best for which anything speaks, the chosen one first, then by their sum, which is shown within 0..1."""
    shown = sorted(
        (each for each in weighed if each.reasons),
        key=lambda each: (each.fit.row.id != chosen, -each.total, each.fit.row.legal_name, each.fit.row.id),
    )
    return tuple(
        ScoredCandidate(
            counterparty_id=each.fit.row.id,
            legal_name=each.fit.row.legal_name,
            score=min(1.0, max(0.0, each.total)),
            reasons=each.reasons,
            against=each.against,
        )
        for each in shown[:MOST_CANDIDATES]
    )


def _reasons(document: Document, fit: Fit) -> tuple[Reason, ...]:
    numbers = document.numbers
    mail = fit.has_email or fit.has_domain
    is_close = NAME_IS_CLOSE <= fit.similarity < NAME_MATCHES
    said = {
        "iban_exact": document.iban if fit.account else "",
        "iban_inactive": document.iban if fit.has_inactive_iban and not fit.account else "",
        "vat_exact": numbers.vat if fit.has_vat else "",
        "registration_exact": ", ".join(sorted(numbers.national)) if fit.has_registration else "",
        "register_number": numbers.register if fit.has_register else "",
        "email_exact": document.email if fit.has_email else "",
        "email_domain": document.domains[0] if fit.has_domain and not fit.has_email else "",
        "website_domain": document.websites[0] if fit.has_website and not mail else "",
        "phone_exact": document.phones[0] if fit.has_phone else "",
        "name_exact": document.name.folded if fit.similarity == 1.0 else "",
        "name_similarity": f"{fit.similarity:.2f}" if NAME_MATCHES <= fit.similarity < 1 else "",
        "name_resembles": f"{fit.similarity:.2f}" if fit.name_resembles else "",
        "name_close": f"{fit.similarity:.2f}" if is_close and not fit.name_resembles else "",
        "legal_form_same": "stated by both" if fit.form == "same" and fit.name_matches else "",
        "address_same": document.address if fit.has_address else "",
        "confirmed_name": document.name.folded if fit.has_confirmed_name else "",
        "confirmed_details": "IBAN, VAT number or e-mail address" if fit.has_confirmed_details else "",
        "reference_shape": ", ".join(sorted(document.shapes)) if fit.has_shape else "",
    }
    return tuple(Reason(code, WEIGHTS[code], detail) for code, detail in said.items() if detail)


def _against(document: Document, fit: Fit, rivals: _Rivals) -> tuple[Reason, ...]:
    codes = []
    if fit.row.is_own:
        codes.append("own_counterparty")
    if fit.vat_differs:
        codes.append("vat_differs")
    elif rivals.holds_vat and not fit.has_vat:
        codes.append("vat_of_other_counterparty")
    if fit.register_differs:
        codes.append("register_differs")
    if document.iban and not fit.account:
        codes.append("iban_of_other_counterparty" if rivals.holds_iban else "iban_unknown")
    if rivals.holds_email and not (fit.has_email or fit.has_domain or fit.has_identifier):
        codes.append("email_of_other_counterparty")
    return tuple(Reason(code, WEIGHTS[code]) for code in [*codes, *_name_against(document, fit, rivals)])


def _name_against(document: Document, fit: Fit, rivals: _Rivals) -> list[str]:
    if not document.name.key or document.names_itself:
        return []
    if fit.similarity < NAME_DIFFERS:
        return ["name_differs"]
    codes = []
    # As like, and of the stated legal form: that one is meant.
    in_form = fit.form == "differs" and rivals.fewest_slips_of_form <= _slips(fit)
    if rivals.fewest_slips < _slips(fit) or in_form:
        codes.append("name_of_other_counterparty")
    if fit.name_matches and _has_words_of_others(document, fit, rivals):
        codes.append("words_of_others")
    if fit.form == "differs" and fit.name_matches:
        codes.append("legal_form_differs")
    return codes


def _has_words_of_others(document: Document, fit: Fit, rivals: _Rivals) -> bool:
    """Whether the words in which the names differ are no slip: in the books both stand so in the names of others. An
    engine may make a word of another, a mistake may have been entered twice, and who has the same names is no other."""
    here, there = set(document.name.key.split()), set(fit.name.key.split())
    own = _words(fit)

    def others(word: str) -> int:
        return rivals.words.get(word, 0) - (rivals.alike.get(own, 0) if word in own else 0)

    borne = {word for word in here - there if others(word) >= _BORNE_BY}
    known = {word for word in there - here if others(word) > 0}
    return any(not is_misread(word, other) for word in borne for other in known)


def _words(fit: Fit) -> frozenset[str]:
    """All words of a candidate's names."""
    names = (fit.row.legal_name, *fit.row.aliases)
    return frozenset(word for name in names for word in read_name(name).key.split())


def _slips(fit: Fit) -> float:
    return inf if fit.slips is None else fit.slips
