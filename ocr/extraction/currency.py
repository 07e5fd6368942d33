"""The invoice currency (BT-5): codes and symbols beside amounts; `$` and `kr` stay open until a country decides."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ocr.extraction.currency_signs import codes_of
from ocr.extraction.evidence import Evidence, Spot, after_label, candidate
from ocr.extraction.fields import Candidate

# The currency of a country where it tells an open symbol apart (ISO 3166 → ISO 4217).
CURRENCY_OF_COUNTRY = {
    "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN", "GB": "GBP",
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CH": "CHF", "LI": "CHF", "JP": "JPY", "CN": "CNY",
}  # fmt: skip

_AMOUNT_KINDS = frozenset({"total", "total_plain", "payable", "subtotal", "tax", "currency", "other_amount"})
_CODE = re.compile(r"(?<![A-Za-z])(?:[A-Z]{3}|US\$|A\$|C\$|€|£|zł|Kč|Fr\.|Euros?|Franken|RM)(?![A-Za-z])")
_US_ADDRESS = re.compile(
    r"\b(?:AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|"
    r"PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC)\.?,?\s+\d{5}(?:-\d{4})?(?!\d)"
)
_COUNTRY_NAMES = {
    "unitedstates": "US", "unitedstatesofamerica": "US", "usa": "US", "canada": "CA", "australia": "AU",
    "newzealand": "NZ", "singapore": "SG", "hongkong": "HK", "sverige": "SE", "sweden": "SE", "norge": "NO",
    "norway": "NO", "danmark": "DK", "denmark": "DK", "iceland": "IS", "mexico": "MX",
}  # fmt: skip
_ENDS = tuple(_COUNTRY_NAMES)

# International prefixes (ITU-T E.164) and domains of the countries whose currencies share a sign; +1 is several.
_PREFIXES = {
    "61": "AU", "64": "NZ", "65": "SG", "852": "HK", "52": "MX", "45": "DK", "46": "SE", "47": "NO", "354": "IS",
}  # fmt: skip
_PHONE = re.compile(rf"(?<![\w+])(?:\+|00)(?P<prefix>{'|'.join(_PREFIXES)})(?=[\s()./-]*\d(?:[\s()./-]*\d){{5,}})")
_DOMAIN = re.compile(r"[\w-]\.(?P<country>au|nz|sg|hk|mx|ca|dk|se|no|is)(?![\w.-]*\w)", re.IGNORECASE)


def _country_by_contacts(evidence: Evidence) -> str | None:
    """The only country of which both the telephone numbers and the addresses on the net speak; None when either
    names none or another."""
    texts = [segment.text for segment in evidence.sheet.segments]
    phones = {_PREFIXES[match["prefix"]] for text in texts for match in _PHONE.finditer(text)}
    domains = {match["country"].upper() for text in texts if _is_address(text) for match in _DOMAIN.finditer(text)}
    return phones.pop() if len(phones) == 1 and phones == domains else None


def _is_address(text: str) -> bool:
    return "@" in text or "www." in text.lower()


def countries_named(*, evidence: Evidence, ibans: Iterable[str], vat_ids: Iterable[str]) -> list[str]:
    """ISO countries that the document speaks of: accounts, tax numbers, addresses."""
    found = [each[:2] for each in ibans] + [each[:2].replace("EL", "GR") for each in vat_ids]
    for segment in evidence.sheet.segments:
        if _US_ADDRESS.search(segment.text):
            found.append("US")
        tokens = [token.text for token in segment.tokens]
        if 0 < len(tokens) <= 12:
            joined = "".join(tokens)
            if not joined.endswith(_ENDS):
                continue
            found += [
                code
                for name, code in _COUNTRY_NAMES.items()
                if joined == name or (len(tokens) > 1 and joined.endswith(name))
            ]
    return found


def read_currency(*, evidence: Evidence, countries: Sequence[str]) -> tuple[tuple[Candidate, ...], str]:
    """Candidates, best first, and a note when only a symbol of several currencies was seen."""
    votes: Counter[str] = Counter()
    first: dict[str, tuple[str, Spot]] = {}
    open_signs: list[tuple[tuple[str, ...], str, Spot]] = []
    for codes, weight, text, sign in _signs(evidence):
        if len(codes) == 1 or codes[0] in {"GBP"}:
            votes[codes[0]] += weight
            first.setdefault(codes[0], (text, sign))
        else:
            open_signs.append((codes, text, sign))
    known = countries
    if open_signs and not any(CURRENCY_OF_COUNTRY.get(each) in open_signs[0][0] for each in countries):
        known = [*countries, *filter(None, [_country_by_contacts(evidence)])]
    for codes, text, sign in open_signs:
        if code := _resolved(codes, known, votes):
            votes[code] += 2
            first.setdefault(code, (text, sign))
    if not votes:
        note = f"Only the sign {open_signs[0][1]} was seen, which several currencies share." if open_signs else ""
        return (), note
    total = sum(votes.values())
    made = []
    for code, count in votes.most_common(4):
        text, sign = first[code]
        share = count / total
        confidence = 0.97 if share > 0.8 else 0.4 + 0.5 * share
        made.append(candidate(value=code, raw=text, placed=sign, confidence=confidence, checks=("iso_4217",)))
    return tuple(made), ""


def _resolved(codes: tuple[str, ...], countries: Sequence[str], votes: Counter[str]) -> str | None:
    named = [code for code in codes if votes[code]]
    if len(named) == 1:
        return named[0]
    fitting = {CURRENCY_OF_COUNTRY[country] for country in countries if CURRENCY_OF_COUNTRY.get(country) in codes}
    return fitting.pop() if len(fitting) == 1 else None


def _signs(evidence: Evidence) -> Iterator[tuple[tuple[str, ...], int, str, Spot]]:
    for label in evidence.labels.of("currency"):
        for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=2, reach=2.5):
            word = place.segment.text[place.start :].strip(" :.()")[:12].split(" ")[0]
            if codes := codes_of(word):
                start = place.segment.text.find(word, place.start)
                yield codes, 12, word, Spot(segment=place.segment, start=start, end=start + len(word))
                break
    for figure in evidence.figures:
        if figure.currency:
            sign = Spot(segment=figure.segment, start=figure.currency.start, end=figure.currency.end)
            weight = 3 if figure.decimals == 2 else 1
            yield figure.currency.codes, weight, figure.currency.text, sign
    for segment in evidence.sheet.segments:
        kinds = {kind for label in evidence.labels.within(segment) for kind in label.kinds}
        bare = len(segment.tokens) == 1
        if not bare and kinds.isdisjoint(_AMOUNT_KINDS):
            continue
        for match in _CODE.finditer(segment.text):
            if codes := codes_of(match.group()):
                yield codes, 2, match.group(), Spot(segment=segment, start=match.start(), end=match.end())
