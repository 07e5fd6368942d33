"""Values that exist once in the world: wherever one turns up, it was carried there from where it was planted."""

import random

ALPHABET = "abcdefghijkmnpqrstuvwxyz"


class Canaries:
    """Makes them, and finds them again."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it guards nothing
        self.planted: set[str] = set()

    def word(self) -> str:
        return self._keep("Zq" + "".join(self._random.choices(ALPHABET, k=12)))

    def name(self) -> str:
        return f"{self.word()} {self.word()}"

    def email(self) -> str:
        return f"{self.word()}@{self.word()}.example"

    def file_name(self, extension: str = "pdf") -> str:
        return f"{self.word()}.{extension}"

    def iban(self) -> str:
        """A German one whose check digits are right (ISO 7064, MOD 97-10)."""
        number = "".join(self._random.choices("0123456789", k=18))
        check = 98 - int(f"{number}131400") % 97
        return self._keep(f"DE{check:02d}{number}")

    def adopt(self, secret: str) -> str:
        """One that the service made itself, such as a key."""
        return self._keep(secret)

    def found_in(self, text: str) -> set[str]:
        """Those that stand in the text, in whatever case. None holds a space, so that every word is searched once."""
        words = "\n".join(set(text.lower().split()))
        return {each for each in self.planted if each.lower() in words}

    def _keep(self, value: str) -> str:
        self.planted.add(value)
        return value
