"""Asking a bank or another service who holds an account, beside our own comparison of names.

Which service is a setting, `PAYEE_VERIFIER`, the dotted path of a `PayeeVerifier`; without one only the ledger answers.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import get_args

from django.utils.module_loading import import_string

from counterparties.payee_names import Answer, NameCheck, PayeeVerifier, check_name, weaker

log = logging.getLogger(__name__)


class VerifierMissing:
    """Stands for a service that cannot be made: asking it fails, and so counts as `not_possible`."""

    name = "missing"

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def verify(self, **_: str) -> Answer:
        raise LookupError(f"The service of PAYEE_VERIFIER cannot be used: {self.reason}")


@cache
def verifier_at(path: str) -> PayeeVerifier | None:
    """The service that the dotted path names, made once; None for an empty path, and a `VerifierMissing` for one that
    leads nowhere: `manage.py check` says so, and no job fails of it."""
    if not path:
        return None
    try:
        verifier: PayeeVerifier = import_string(path)()
    except Exception as error:
        log.exception("PAYEE_VERIFIER %s cannot be used", path)
        return VerifierMissing(f"{type(error).__name__}: {error}")
    return verifier


def check_payee(
    *, payee: str | None, holders: Iterable[str], iban: str, verifier: PayeeVerifier | None, seconds: float
) -> NameCheck:
    """The ledger's answer, or the service's where that asks for more care. A service that fails, answers nonsense or
    takes longer than `seconds` counts as `not_possible`; it never raises."""
    check = check_name(payee=payee, holders=holders)
    if verifier is None or not payee or not iban:
        return check
    answer, note = _asked(lambda: verifier.verify(iban=iban, payee=payee), seconds=seconds)
    asked = str(getattr(verifier, "name", type(verifier).__name__))
    theirs = NameCheck(answer=answer, payee=payee, holder=check.holder, score=check.score, asked=asked, note=note)
    return weaker(one=check, other=theirs)


def _asked(ask: Callable[[], Answer], *, seconds: float) -> tuple[Answer, str]:
    answers: SimpleQueue[object] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except Exception:
            log.exception("the payee verifier failed")
            answers.put(None)

    # A daemon: one that hangs must hold up neither the job nor the end of the process.
    Thread(target=run, name="payee-verifier", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        log.warning("the payee verifier took longer than %s seconds", seconds)
        return "not_possible", "The service took too long."
    for known in get_args(Answer):
        if answer == known:
            return known, ""
    if answer is not None:
        log.warning("the payee verifier gave an answer that is none, of type %s", type(answer).__name__)
    return "not_possible", "The service failed."
