"""How forgers write a name that people take for another: letters of other alphabets, rn for m, another domain."""

import random

_CYRILLIC = dict(zip("aceopxyABEHKMOPCTX", "асеорхуАВЕНКМОРСТХ", strict=True))
_GREEK = dict(zip("oABEHIKMNOPTXZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΖ", strict=True))
_PLAIN = (("rn", "m"), ("m", "rn"), ("l", "1"), ("l", "I"), ("o", "0"), ("w", "vv"), ("i", "l"), ("d", "cl"))


def in_other_alphabet(text: str, *, chance: random.Random) -> str:
    """One or two letters become Cyrillic or Greek ones that look the same; the same text where none can."""
    alphabet = chance.choice((_CYRILLIC, _GREEK))
    places = [place for place, letter in enumerate(text) if letter in alphabet]
    chosen = set(chance.sample(places, min(len(places), chance.choice((1, 2)))))
    return "".join(alphabet[letter] if place in chosen else letter for place, letter in enumerate(text))


def with_look_alike_signs(text: str, *, chance: random.Random) -> str:
    """One place is written with plain letters or digits that look alike; the same text where there is no such place."""
    usable = [(old, new) for old, new in _PLAIN if old in text[1:]]
    if not usable:
        return text
    old, new = chance.choice(usable)
    place = text.index(old, 1)
    return text[:place] + new + text[place + len(old) :]


def similar_domain(domain: str, *, chance: random.Random) -> str:
    """A domain that could be the supplier's: another ending, a word more, a letter doubled, or look-alike signs."""
    name, _, ending = domain.rpartition(".")
    other_ending = chance.choice([each for each in ("com", "net", "co", "org", "biz", "eu") if each != ending])
    place = chance.randrange(1, len(name))
    return chance.choice(
        (
            f"{name}.{other_ending}",
            f"{name}-{chance.choice(('billing', 'accounts', 'invoice', 'group'))}.{ending}",
            f"{name[:place]}{name[place]}{name[place:]}.{ending}",
            f"{with_look_alike_signs(name, chance=chance)}.{ending}",
        )
    )


def similar_name(name: str, *, brand: str, chance: random.Random) -> str:
    """Slightly another company: a letter doubled, dropped or exchanged in the brand, or a word more."""
    place = chance.randrange(1, max(2, len(brand) - 1))
    letter = chance.choice("aeinrst")
    other = chance.choice(
        (
            f"{brand[:place]}{brand[place]}{brand[place:]}",
            f"{brand[:place]}{brand[place + 1 :]}",
            f"{brand[:place]}{letter if brand[place].lower() != letter else 'o'}{brand[place + 1 :]}",
            f"{brand} {chance.choice(('Services', 'Group', 'Solutions', 'Trading'))}",
        )
    )
    return name.replace(brand, other)


def transposed(iban: str, *, chance: random.Random) -> str:
    """Two neighbouring digits of the account exchanged: always fails mod-97."""
    places = [
        place
        for place in range(8, len(iban) - 1)
        if iban[place] != iban[place + 1] and iban[place : place + 2].isdigit()
    ]
    place = chance.choice(places)
    return iban[:place] + iban[place + 1] + iban[place] + iban[place + 2 :]
