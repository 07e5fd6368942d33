"""What paths and points are called, for those who know nothing of Django."""

ABOUT = {
    "post": "a client posts a document with an idempotency key, and asks again",
    "post-unheard": "the same, and the client never comes back",
    "digital-pdf": "a worker reads a PDF with a text layer",
    "e-invoice": "a worker reads a Factur-X invoice",
    "unreadable": "a worker is given a document that nothing can read",
    "poison": "three workers in a row die of the same document at the same point",
    "reprocess": "a client has a job processed again, and asks again",
    "correct": "an operator corrects a field",
    "approve": "an operator approves the draft",
    "finalise": "a client finalises the draft, and asks again",
    "webhook": "a webhook is delivered",
    "sweep": "the sweepers find jobs that wait, that died and that died too often",
    "purge": "documents and answers are deleted after their period",
    "leftovers": "files without a document are removed",
}
_KINDS = {
    "the commit": "commit",
    "the storage": "stored file",
    "the message": "message to the broker",
    "the sandbox": "message to or answer of the reading child",
    "webhook": "request or answer of a webhook",
}


def kind_of(point: str) -> str:
    """What sort of thing the point is before, after or within."""
    what = point.partition(": ")[2]
    if " SELECT " in what or what.split()[1].isupper():
        return "SQL statement"
    return next(kind for part, kind in _KINDS.items() if part in what)
