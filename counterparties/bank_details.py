"""What must hold for an IBAN, a BIC and the two together before they are stored."""

from django.core.exceptions import ValidationError
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from counterparties.countries import COUNTRIES, iban_country


def problems(*, iban: str, bic: str) -> dict[str, str]:
    """What is wrong, as one sentence per field name; empty when all is well. An empty BIC is no problem.

    ISO 13616: mod-97 check digits, the country's length and structure. ISO 9362: structure of the BIC. National check
    digits inside the BBAN are not looked at: banks have issued accounts that break them.
    """
    found: dict[str, str] = {}
    if problem := iban_problem(iban):
        found["iban"] = problem
    if bic and (problem := bic_problem(bic)):
        found["bic"] = problem
    if bic and not found and iban_country(bic[4:6]) != iban[:2]:
        found["bic"] = (
            f"The BIC belongs to a bank in {bic[4:6]}, the IBAN to an account in {iban[:2]}; correct one of the two."
        )
    return found


def iban_problem(iban: str) -> str | None:
    """What is wrong with the compact IBAN, as a sentence; None when it is sound."""
    if not iban:
        return "Give the IBAN of the account."
    try:
        iban_number.validate(iban, check_country=False)
    except InvalidChecksum:
        return "The check digits of this IBAN do not fit; compare it with the document, one character is wrong."
    except InvalidNumber:
        return f"This is no IBAN of {iban[:2]}: its length or structure is not that country's."
    return None


def bic_problem(bic: str) -> str | None:
    """What is wrong with the compact BIC, as a sentence; None when it is sound."""
    if not bic_number.is_valid(bic) or bic[4:6] not in COUNTRIES:
        return "This is no BIC: it has 8 or 11 characters, and a country code at the fifth place."
    return None


def check_country(code: str) -> None:
    """Raises ValidationError unless `code` is ISO 3166-1 alpha-2, in upper case."""
    if code not in COUNTRIES:
        raise ValidationError(
            f"{code!r} is no country code of ISO 3166-1; give two capital letters such as DE.", code="unknown_country"
        )
