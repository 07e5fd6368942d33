"""Invented companies with addresses, numbers and e-mail addresses; none of them exists."""

import random
import re
import unicodedata
from dataclasses import dataclass

from benchmarks.generator.accounts import digits
from benchmarks.generator.catalogue import Locale, favour_early
from benchmarks.generator.tax_ids import invent_vat_id, luhn_number, printed_vat_id

_BEGINNINGS = (
    "Bra",
    "Vel",
    "Tor",
    "Kas",
    "Lun",
    "Mer",
    "Sol",
    "Quin",
    "Dor",
    "Fen",
    "Gal",
    "Nor",
    "Pri",
    "Hal",
    "Ost",
    "Alv",
)
_MIDDLES = ("", "", "ta", "ri", "mo", "len", "vi", "do", "ka", "be")
_ENDINGS = ("ven", "dix", "mark", "tec", "lia", "nova", "berg", "tis", "ron", "sal", "plan", "wick", "mond", "trans")


@dataclass(frozen=True, slots=True)
class Party:
    """`vat_id` is the electronic form, empty where there is none; `emails` has the one for invoices first."""

    name: str
    brand: str
    person: str
    locale: Locale
    address: tuple[str, ...]
    vat_id: str
    vat_printed: str
    tax_number: str
    register: str
    domain: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]


def invent_party(*, locale: Locale, chance: random.Random) -> Party:
    brand = _brand(locale, chance)
    form = favour_early(chance, locale.habits("forms"))
    joint = ", " if form.startswith("Unipessoal") or (locale.country in {"PT", "CZ"} and chance.random() < 0.5) else " "
    name = f"{brand}{joint}{form}"
    person = f"{chance.choice(locale.habits('first_names'))} {chance.choice(locale.habits('surnames'))}"
    domain = f"{_as_domain(brand)}.{chance.choice(locale.habits('tld'))}"
    vat_id = invent_vat_id(country=locale.country, chance=chance)
    city = chance.choice(locale.habits("cities"))
    return Party(
        name=name,
        brand=brand,
        person=person,
        locale=locale,
        address=_address(locale, city, chance),
        vat_id=vat_id,
        vat_printed=_printed(vat_id, locale, chance),
        tax_number=_tax_number(locale, vat_id, chance),
        register=_register(locale, city, vat_id, chance),
        domain=domain,
        emails=_emails(domain, person, chance),
        phones=tuple(_filled(chance.choice(locale.habits("phone")), chance) for _ in range(2)),
    )


def address_of(*, locale: Locale, chance: random.Random) -> tuple[str, ...]:
    """Another address of the country, for goods that go elsewhere."""
    return _address(locale, chance.choice(locale.habits("cities")), chance)


def postcode_of(*, locale: Locale, chance: random.Random) -> str:
    return _filled(locale.habits("postcode"), chance)


def _brand(locale: Locale, chance: random.Random) -> str:
    trade = chance.choice(locale.words("goods", "trades"))
    coined = chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES) + chance.choice(_ENDINGS)
    surname = chance.choice(locale.habits("surnames"))
    other = chance.choice(locale.habits("surnames"))
    return chance.choice(
        [
            f"{surname} {trade}",
            f"{coined} {trade}",
            coined,
            f"{trade} {surname}",
            f"{surname} & {other}",
            coined.upper(),
        ]
    )


def _printed(vat_id: str, locale: Locale, chance: random.Random) -> str:
    if not vat_id:
        return ""
    text = printed_vat_id(country=locale.country, number=vat_id, chance=chance)
    return text.replace("MWST", "TVA") if locale.language == "fr" else text


def _address(locale: Locale, city: str, chance: random.Random) -> tuple[str, ...]:
    parts = {
        "street": chance.choice(locale.habits("streets")),
        "number": f"{chance.randint(1, 189)}{chance.choice(['', '', '', 'a'])}",
        "postcode": _filled(locale.habits("postcode"), chance),
        "city": city,
        "region": chance.choice(locale.habits("regions") or [""]),
    }
    return tuple(line.format(**parts) for line in locale.habits("address"))


def _filled(pattern: str, chance: random.Random) -> str:
    letters = {"A": "ABCDEFGHKLMNPRSTWY", "B": "ABDEFGHJLNPQRSTUWXYZ"}
    filled = "".join(chance.choice("123456789") if sign == "#" else sign for sign in pattern)
    if "#" in pattern and any(letter in pattern for letter in letters):
        filled = "".join(chance.choice(letters[sign]) if sign in letters else sign for sign in filled)
    return filled


def _tax_number(locale: Locale, vat_id: str, chance: random.Random) -> str:
    makers = {
        "DE": lambda: f"{digits(chance, 2)}/{digits(chance, 3)}/{digits(chance, 5)}",
        "AT": lambda: f"{digits(chance, 2)} {digits(chance, 3)}/{digits(chance, 4)}",
        "FR": lambda: f"{vat_id[4:7]} {vat_id[7:10]} {vat_id[10:13]} 000{digits(chance, 2)}",
        "IT": lambda: vat_id[2:],
        "PL": lambda: digits(chance, 9),
        "CZ": lambda: vat_id[2:],
        "SE": lambda: f"{vat_id[2:8]}-{vat_id[8:12]}",
        "US": lambda: f"{digits(chance, 2)}-{digits(chance, 7)}",
        "GB": lambda: digits(chance, 10),
        "IE": lambda: digits(chance, 7) + "T",
        "AU": lambda: digits(chance, 9),
    }
    return makers[locale.country]() if locale.country in makers else ""


def _register(locale: Locale, city: str, vat_id: str, chance: random.Random) -> str:
    options = locale.habits("register")
    if not options:
        return ""
    pattern: str = chance.choice(options)
    siren = vat_id[4:] if locale.country == "FR" else luhn_number(chance, 9)
    numbers = {name: digits(chance, int(name[1:])) for name in ("n4", "n5", "n6", "n8", "n9", "n10", "n11")}
    region = chance.choice(locale.habits("regions") or [""])
    return pattern.format(city=city, siren=f"{siren[:3]} {siren[3:6]} {siren[6:]}", region=region, **numbers)


def _emails(domain: str, person: str, chance: random.Random) -> tuple[str, ...]:
    first, *_, last = [_as_domain(part) for part in person.split()]
    boxes = ["info", "office", "accounts", "billing", "kontakt", "mail", "invoice", "post", "buchhaltung", "contact"]
    return (
        f"{chance.choice(boxes)}@{domain}",
        f"{chance.choice([f'{first}.{last}', f'{first[0]}.{last}', first])}@{domain}",
    )


def _as_domain(text: str) -> str:
    spelled = text.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("æ", "ae").replace("å", "a")
    bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
