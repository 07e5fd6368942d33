"""Which status of an invoice may follow which. Pure."""

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
    possible = " or ".join(NEXT[current])
    way_out = f"it can become {possible}" if possible else "nothing follows on that"
    raise StatusNotReachable(f"The invoice is {current} and cannot become {wanted}; {way_out}.")
