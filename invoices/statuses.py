"""Which status of an invoice may follow which. Pure."""

from customers.sentences import Sentence

NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("pending", "sent"),
    "pending": ("paid", "overdue"),
    "sent": ("paid", "overdue"),
    "overdue": ("paid",),
    "paid": (),
}


class StatusNotReachable(Exception):
    """The invoice cannot go from its status to the one asked for."""


def check_move(*, current: str, wanted: str) -> None:
    """Raises StatusNotReachable unless the move is allowed; staying where one is always is."""
    if wanted == current or wanted in NEXT[current]:
        return
    if not NEXT[current]:
        raise StatusNotReachable(
            Sentence(
                "The invoice is {current} and cannot become {wanted}; nothing follows on that.",
                current=current,
                wanted=wanted,
            )
        )
    raise StatusNotReachable(
        Sentence(
            "The invoice is {current} and cannot become {wanted}; it can become {possible}.",
            current=current,
            wanted=wanted,
            possible=Sentence.joined(NEXT[current], separator=" / "),
        )
    )
