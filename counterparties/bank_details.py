"""What must hold for an IBAN, a BIC and the two together before they are stored."""

from django.core.exceptions import ValidationError
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from counterparties.countries import COUNTRIES, iban_country
from customers.sentences import Sentence
from customers.translations import say


def problems(*, iban: str, bic: str) -> dict[str, Sentence]:
    """What is wrong, as one sentence per field name; empty when all is well. An empty BIC is no problem.

    ISO 13616: mod-97 check digits, the country's length and structure. ISO 9362: structure of the BIC. National check
    digits inside the BBAN are not looked at: banks have issued accounts that break them.
    """
    found: dict[str, Sentence] = {}
    if problem := iban_problem(iban):
        found["iban"] = problem
    if bic and (problem := bic_problem(bic)):
        found["bic"] = problem
    if bic and not found and iban_country(bic[4:6]) != iban[:2]:
        found["bic"] = Sentence(
            "The BIC belongs to a bank in {bic_country}, the IBAN to an account in {iban_country}; "
            "correct one of the two.",
            bic_country=bic[4:6],
            iban_country=iban[:2],
        )
    return found


def iban_problem(iban: str) -> Sentence | None:
    """What is wrong with the compact IBAN, as a sentence; None when it is sound."""
    if not iban:
        return Sentence("Give the IBAN of the account.")
    try:
        iban_number.validate(iban, check_country=False)
    except InvalidChecksum:
        return Sentence(
            "The check digits of this IBAN do not fit; compare it with the document, one character is wrong."
        )
    except InvalidNumber:
        return Sentence(
            "This is no IBAN of {country}: its length or structure is not that country's; compare it with "
            "the document.",
            country=iban[:2],
        )
    return None


def bic_problem(bic: str) -> Sentence | None:
    """What is wrong with the compact BIC, as a sentence; None when it is sound."""
    if not bic_number.is_valid(bic) or bic[4:6] not in COUNTRIES:
        return Sentence("This is no BIC: it has 8 or 11 characters, and a country code at the fifth place.")
    return None


def check_country(code: str) -> None:
    """Raises ValidationError unless `code` is ISO 3166-1 alpha-2, in upper case."""
    if code not in COUNTRIES:
        raise ValidationError(
            say("{code} is no country code of ISO 3166-1; give two capital letters such as DE.", code=repr(code)),
            code="unknown_country",
        )
