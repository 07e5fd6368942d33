"""The rules that no schema states: for breaking them, a request that fits the description is refused all the same."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from schemathesis.core.parameters import ParameterLocation

# By error code: what a document's bytes are and how many there are is no matter of the schema.
CODES = {"not_base64", "document_empty", "unsupported_document", "range_not_satisfiable"}

# Messages for a field, as regular expressions.
RULES = (
    # ISO 13616 and ISO 9362: check digits, the structure of each country, and that both codes name the same one.
    r"The check digits of this IBAN do not fit; .*",
    r"This is no IBAN of .*",
    r"This is no BIC: .*",
    r"The BIC belongs to a bank in .*",
    r"Give letters, digits and spaces only\.",
    # What a contact's value has to be depends on its type, which a change may leave as it is stored.
    r"This is no e-mail address; .*",
    r"This is no phone number; .*",
    # An amount without its currency says nothing; a change may leave out the one that is stored.
    r"Name the currency(:| of the amount\.).*",
    r"Send the amount in the other currency as well\.",
    r"Send the (items with their prices|shipping) in the other currency as well\.",
    # Which reference an account takes, and its check digits.
    r"The account has a QR-IBAN, .*",
    r"The check digits of this creditor reference .*",
    # JSON Schema takes 12.0 for an integer; as money it is more likely 12.00 than 0.12.
    r"Give the amount in the currency's minor unit, without a decimal point: .*",
    # Decimals of a JSON number: `multipleOf` computes with binary fractions, by which 0.3 is no multiple of 0.1.
    r"Ensure that there are no more than \d+ (decimal places|digits in total)\.",
    # Which rows may stand together in a body depends on what is stored of them.
    r"Only your own counterparty can pay; .*",
    r"A transfer needs two different accounts\.",
    r"Nobody writes an invoice to itself\.",
    r"This counterparty is deactivated\.",
    r"This (account )?is deactivated; .*",
    r"This (account )?belongs to another counterparty\.",
    r"Name the counterparty of this account as well\.",
    r"This document was discarded\.",
    r"Only one account in each currency can be the primary one\.",
    # Each number is small enough, and what they come to is not.
    r"The amounts may come to \d+ minor units at most\.",
    # Free objects are stored as PostgreSQL's jsonb, with limits on all that is nested in them.
    r"Leave out NUL characters, lone surrogates, .*",
    r"Metadata may take up to .*",
    # What waits for a second person comes alone; whether it waits depends on the stored account.
    r"Send this in a request of its own\.",
    # Webhooks go to public addresses only.
    r"Give a URL .*",
)


def is_by_rule(*, status: int, body: Any) -> bool:
    """Whether the refusal names only such rules."""
    if status == 414:
        return True  # how long a URL becomes depends on all of its parameters together
    try:
        answer = body.json()
    except ValueError:
        return False
    if status == 422 and answer.get("status") == 422 and "job_id" in answer:
        return True  # no refusal: it is how the job ended that was asked for
    if answer.get("error") in CODES:
        return True
    messages = list(_messages(answer.get("details")))
    return (
        status == 400
        and answer.get("error") == "validation_error"
        and bool(messages)
        and all(any(re.fullmatch(rule, message) for rule in RULES) for message in messages)
    )


def is_about_body(*, case: Any, body: Any) -> bool:
    """Whether a 404 speaks of an id in the body, where the address names no row: Schemathesis takes a collection below
    another, such as that of addresses below counterparties, for the row that was made there before."""
    try:
        details = body.json().get("details")
    except (ValueError, AttributeError):
        return False
    return "{" not in case.path and bool(details)


def is_whole_form(case: Any) -> bool:
    """Whether the form that was sent is as described although it was to lack something: where a link filled that in,
    Schemathesis looks again at JSON only."""
    form = case.body if case.media_type == "multipart/form-data" and isinstance(case.body, dict) else {}
    others = ParameterLocation.HEADER, ParameterLocation.QUERY, ParameterLocation.PATH
    if form.keys() != {"file", "customer_id"} or any(case.meta.is_negative_at(one) for one in others):
        return False
    try:
        return bool(str(UUID(form["customer_id"])) == form["customer_id"])
    except (ValueError, AttributeError, TypeError):
        return False


# The bytes of a discarded document stay, since the evidence of its job points into them; its row says `active: false`.
STAYS_READABLE = {"/v2/uploads/{id}/content"}


def says_inactive(*, case: Any, body: Any) -> bool:
    """Whether the row was removed and is still there to be read, or was made active again by this very request."""
    if case.path in STAYS_READABLE:
        return True
    try:
        answer = body.json()
    except ValueError:
        return False
    asked = case.body if isinstance(case.body, dict) else {}
    return isinstance(answer, dict) and (answer.get("active") is False or asked.get("active") is True)


def _messages(details: Any) -> Iterator[str]:
    if isinstance(details, str):
        yield details
    elif isinstance(details, (dict, list)):
        for inner in details.values() if isinstance(details, dict) else details:
            yield from _messages(inner)
