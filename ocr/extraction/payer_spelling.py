"""The payer's name as the customer writes it, where an engine misread its own customer's name or lost its end.

The customer is known by its name: whose letters are the same once twins are told apart (`APlmeister` and `APImeister`),
or whose words all stand on the page, is the customer, and its name is spelt as it spells it. Names of a text layer stay
as they are printed.
"""

from ocr.extraction.evidence import Evidence
from ocr.extraction.lines import compact
from ocr.extraction.party_names import core_of
from ocr.extraction.party_options import NameOption

SPELT_AS_KNOWN = "spelt_as_known"
_TWINS = str.maketrans({"i": "l", "1": "l", "0": "o", "5": "s", "8": "b"})


def spell_as_known(*, option: NameOption, evidence: Evidence) -> None:
    """Gives a recognised buyer the known payer's spelling where it is the payer for sure; the reasons say so."""
    if option.segment.source != "ocr" or option.name in evidence.payer.names:
        return
    for known in evidence.payer.names:
        if _differs_in_twins_only(option.name, known) or _goes_on(option.name, known, evidence):
            option.name = known
            option.reasons.append(SPELT_AS_KNOWN)
            return


def _differs_in_twins_only(read: str, known: str) -> bool:
    return compact(read) != compact(known) and compact(read).translate(_TWINS) == compact(known).translate(_TWINS)


def _goes_on(read: str, known: str, evidence: Evidence) -> bool:
    """Whether the words read begin the known name, and all others of it stand on the page as well."""
    begun, whole = core_of(read).split(), core_of(known).split()
    if not begun or len(begun) >= len(whole) or whole[: len(begun)] != begun:
        return False
    words = {token.text for segment in evidence.sheet.segments for token in segment.tokens}
    return words.issuperset(whole)
