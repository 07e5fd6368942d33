"""A service that is asked who holds an account: its word counts where it asks for more care, its failures never do."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from counterparties.payee_names import Answer, NameCheck
from counterparties.verification import check_payee, verifier_at


@dataclass
class Bank:
    says: Callable[[], object]
    name: str = "bank"
    asked: int = 0

    def verify(self, *, iban: str, payee: str) -> Answer:
        self.asked += 1
        assert (iban, payee) == ("DE02120300000000202051", "Hollmann Technik")
        return self.says()  # type: ignore[return-value]


def check(bank: Bank | None, *, payee: str | None = "Hollmann Technik", seconds: float = 1.0) -> NameCheck:
    return check_payee(
        payee=payee,
        holders=["Hollmann Technik GmbH"],
        iban="DE02120300000000202051",
        verifier=bank,
        seconds=seconds,
    )


def fail() -> None:
    raise RuntimeError("no line to the bank")


def hang() -> None:
    time.sleep(20)


@pytest.mark.parametrize(
    ("says", "answer", "asked"),
    [
        (lambda: "match", "match", "ledger"),
        (lambda: "close_match", "close_match", "bank"),
        (lambda: "no_match", "no_match", "bank"),
        (lambda: "not_possible", "match", "ledger"),
        (lambda: "perhaps", "match", "ledger"),
        (lambda: ["match"], "match", "ledger"),
        (lambda: None, "match", "ledger"),
        (fail, "match", "ledger"),
    ],
)
def test_the_answer_that_asks_for_more_care_counts(says: Callable[[], object], answer: str, asked: str) -> None:
    found = check(Bank(says))
    assert (found.answer, found.asked) == (answer, asked)


def test_a_service_that_hangs_holds_up_nobody() -> None:
    started = time.perf_counter()
    found = check(Bank(hang), seconds=0.05)
    assert time.perf_counter() - started < 15
    assert found.answer == "match"


def test_where_the_ledger_knows_no_name_the_service_s_failure_is_not_possible() -> None:
    found = check_payee(
        payee="Hollmann Technik", holders=[], iban="DE02120300000000202051", verifier=Bank(fail), seconds=1
    )
    assert found.answer == "not_possible"


def test_nobody_is_asked_about_a_document_without_a_payee() -> None:
    bank = Bank(lambda: "match")
    assert check(bank, payee=None).answer == "not_possible"
    assert bank.asked == 0


def test_a_service_is_named_by_its_dotted_path() -> None:
    assert verifier_at("") is None
    assert verifier_at("tests.unit.counterparties.test_verification.Always") is not None


def test_a_path_that_leads_nowhere_fails_no_job() -> None:
    missing = verifier_at("tests.unit.counterparties.test_verification.Missing")
    found = check_payee(payee="Zobel", holders=["Zobel"], iban="DE02120300000000202051", verifier=missing, seconds=1)
    assert (found.answer, found.asked) == ("match", "ledger")


class Always:
    name = "always"

    def verify(self, *, iban: str, payee: str) -> Answer:
        return "no_match" if iban and payee else "not_possible"
