"""The scored candidates that a person gets to see: what spoke for each, what against. Pure."""

from collections.abc import Iterable
from uuid import UUID

from counterparties.comparison import NAME_DIFFERS, Document, Fit
from counterparties.evidence import Reason, ScoredCandidate

# What each reason is worth, 0..1. Those that speak for a candidate add up as independent chances, 1 - (1-a)(1-b);
# each that speaks against it takes its share away.
WEIGHTS = {
    "iban_exact": 0.97,
    "vat_exact": 0.95,
    "email_exact": 0.75,
    "email_domain": 0.4,
    "name_exact": 0.75,
    "name_similarity": 0.7,  # times the similarity
    "vat_differs": -0.5,
    "iban_of_other_counterparty": -0.5,
    "iban_unknown": -0.2,
    "name_differs": -0.1,
    "own_counterparty": -1.0,
}
MOST_CANDIDATES = 10


def score_candidates(*, document: Document, fits: Iterable[Fit], chosen: UUID | None) -> tuple[ScoredCandidate, ...]:
    """The ten best for which anything speaks, the chosen one first, then by score (0..1)."""
    fits = tuple(fits)
    has_holder = any(fit.account for fit in fits)
    scored = []
    for fit in fits:
        if reasons := _reasons(document, fit):
            against = _against(document, fit, has_holder=has_holder)
            scored.append(
                ScoredCandidate(
                    counterparty_id=fit.row.id,
                    legal_name=fit.row.legal_name,
                    score=_score(reasons, against),
                    reasons=reasons,
                    against=against,
                )
            )
    scored.sort(key=lambda candidate: (candidate.counterparty_id != chosen, -candidate.score, candidate.legal_name))
    return tuple(scored[:MOST_CANDIDATES])


def _reasons(document: Document, fit: Fit) -> tuple[Reason, ...]:
    found = []
    if fit.account:
        found.append(Reason("iban_exact", WEIGHTS["iban_exact"], document.iban))
    if fit.has_vat:
        found.append(Reason("vat_exact", WEIGHTS["vat_exact"], document.vat))
    if fit.has_email:
        found.append(Reason("email_exact", WEIGHTS["email_exact"], document.email))
    elif fit.has_domain:
        found.append(Reason("email_domain", WEIGHTS["email_domain"], document.domains[0]))
    if fit.similarity == 1.0:
        found.append(Reason("name_exact", WEIGHTS["name_exact"], document.name))
    elif fit.similarity >= NAME_DIFFERS:
        weight = round(WEIGHTS["name_similarity"] * fit.similarity, 4)
        found.append(Reason("name_similarity", weight, f"{fit.similarity:.2f}"))
    return tuple(found)


def _against(document: Document, fit: Fit, *, has_holder: bool) -> tuple[Reason, ...]:
    codes = []
    if fit.row.is_own:
        codes.append("own_counterparty")
    if fit.vat_differs:
        codes.append("vat_differs")
    if document.iban and not fit.account:
        codes.append("iban_of_other_counterparty" if has_holder else "iban_unknown")
    if document.name_key and fit.similarity < NAME_DIFFERS:
        codes.append("name_differs")
    return tuple(Reason(code, WEIGHTS[code]) for code in codes)


def _score(reasons: Iterable[Reason], against: Iterable[Reason]) -> float:
    missing = 1.0
    for reason in reasons:
        missing *= 1 - reason.weight
    score = 1 - missing
    for reason in against:
        score *= 1 + reason.weight
    return round(score, 4)
