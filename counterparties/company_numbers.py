"""VAT and registration numbers of companies: which of them name the same company, however they are written. Pure.

In many countries the VAT number (EN 16931 BT-31) is made of the number of the company register (BT-30): the SIREN in
France, the enterprise number in Belgium, the UID in Switzerland, the organisation number in Norway and Sweden.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.fr import siren, siret

from counterparties.identifiers import compact, vat_key

# A number as short as a German or Luxembourgish register's is given again by every court.
_SHORTEST = 7
# The countries whose VAT number is their prefix before a national number of this many digits.
_PREFIXES = {
    8: ("CZ", "DK", "FI", "HU", "LU", "MT", "SI", "ATU"),
    9: ("BG", "CHE", "DE", "EE", "EL", "GB", "LT", "NO", "PT"),
    10: ("BE", "BG", "PL", "RO", "SK"),
    11: ("HR", "IT", "LV"),
    12: ("LT",),
}
_KEPT = frozenset({"CHE", "BE", "NO", "DK", "FI", "SE", "FR", "SC", "NI", "OC", "B"})
_COURT_REGISTER = re.compile(
    r"(?<![A-Z])(HRA|HRB|GNR|GSR|PR|VR)[\s.:-]*(?:NR[\s.:-]*)?(\d[\d ]*\d|\d)(?:\s?([A-Z]{1,2}))?(?![A-Z0-9])"
)
_NUMBER = re.compile(r"(?<![A-Z0-9])(?:([A-Z]{1,3})[\s.\-]*)?(\d[\d\s.\-/]*\d)([A-Z](?![A-Z0-9]))?")


@dataclass(frozen=True, slots=True)
class CompanyNumbers:
    """What a document or a counterparty states. `vat` is a `vat_key`; `national` are digits of numbers given once in
    their country, with its code in front where it is known (`FR:303265045`); `register` is a court's (`HRB12345`)."""

    vat: str = ""
    national: frozenset[str] = frozenset()
    register: str = ""

    def same_vat(self, other: "CompanyNumbers") -> bool:
        """The same VAT number, also when one of the two is written without its prefix."""
        if not self.vat or not other.vat:
            return False
        return self.vat == other.vat or (
            self.vat.isdigit() != other.vat.isdigit() and _shared(_of_vat(self.vat), _of_vat(other.vat))
        )

    def vat_of_another_country(self, other: "CompanyNumbers") -> bool:
        """Both state a VAT number, each with the prefix of its country, and the countries differ."""
        one, two = self.vat[:2], other.vat[:2]
        return one.isalpha() and two.isalpha() and one != two

    def same_company(self, other: "CompanyNumbers") -> bool:
        """A number of the company register that both state, by itself or within the VAT number."""
        return any(_shared(one, each) for one in self.national for each in other.national)


def read_numbers(*, vat_id: str, registrations: tuple[str, ...]) -> CompanyNumbers:
    """The numbers in comparable form; empty texts give empty ones."""
    vat = vat_key(vat_id)
    keys = [registration_key(text) for text in registrations]
    national = {_of_registration(key) for key in keys if not _is_court(key)}
    national.add(_of_vat(vat))
    return CompanyNumbers(
        vat=vat,
        national=frozenset(each for each in national if len(each.rpartition(":")[2]) >= _SHORTEST),
        register=next((key for key in keys if _is_court(key)), ""),
    )


def registration_key(text: str) -> str:
    """A registration number (BT-30) for comparison, without the register's name and place; empty when there is no
    number in it. A SIRET gives its SIREN: the establishment does not matter. `HRB 12345` keeps its kind."""
    upper = unicodedata.normalize("NFKC", text).upper()
    if court := _COURT_REGISTER.search(upper):
        return compact(court.group(1) + court.group(2) + (court.group(3) or ""))
    found = max(_NUMBER.finditer(upper), key=lambda match: len(match.group(2)), default=None)
    if found is None:
        return ""
    prefix, number = found.group(1) or "", compact(found.group(2) + (found.group(3) or ""))
    if len(number) == len("SIRETSIRETSIRE") and siret.is_valid(number):
        return number[:9]
    return f"{prefix}{number}" if prefix in _KEPT else number


def vat_spellings(numbers: CompanyNumbers) -> tuple[str, ...]:
    """All forms in which a ledger may hold the VAT number of the company, for a look-up by key."""
    found = dict.fromkeys([numbers.vat] if numbers.vat else [])
    for each in sorted(numbers.national):
        country, _, number = each.rpartition(":")
        found |= dict.fromkeys(_prefixed(country, number))
        found[number] = None
    return tuple(found)


def registration_spellings(numbers: CompanyNumbers) -> tuple[str, ...]:
    """The same for the registration number."""
    found = {numbers.register: None} if numbers.register else {}
    for each in sorted(numbers.national):
        country, _, number = each.rpartition(":")
        found |= dict.fromkeys(
            (number, f"{country or 'CH'}{number}", f"{'CHE' if country in ('', 'CH') else country}{number}")
        )
    return tuple(found)


def _prefixed(country: str, number: str) -> list[str]:
    keys = [
        f"{prefix}{number}" for prefix in _PREFIXES.get(len(number), ()) if not country or prefix.startswith(country)
    ]
    if country in ("", "FR") and len(number) == 9 and siren.is_valid(number):
        keys.append(f"FR{siren.to_tva(number).replace(' ', '')}")
    if country in ("", "SE") and len(number) == 10:
        keys.append(f"SE{number}01")
    return keys


def _of_vat(vat: str) -> str:
    """The national number within a VAT number, its country in front; without a prefix just the digits."""
    if vat.isdigit():
        return vat
    country, number = vat[:2], vat[2:]
    if country == "CH":
        number = number.removeprefix("E")
    elif country == "AT":
        number = number.removeprefix("U")
    elif country == "FR":
        number = number[-9:]
    elif country == "SE":
        number = number[:10]
    elif country == "NL":
        number = number[:9]
    return f"{country}:{number}" if number else ""


def _of_registration(key: str) -> str:
    for country in ("CHE", "BE", "NO", "DK", "FI", "SE", "FR"):
        if key.startswith(country) and key[len(country) :].isdigit():
            return f"{country[:2]}:{key[len(country) :]}"
    return key


def _is_court(key: str) -> bool:
    return key.startswith(("HRA", "HRB", "GNR", "GSR", "PR", "VR"))


def _shared(one: str, other: str) -> bool:
    """Equal numbers, in the same country where both name one."""
    (country, _, number), (other_country, _, other_number) = one.rpartition(":"), other.rpartition(":")
    return bool(number) and number == other_number and (not country or not other_country or country == other_country)
