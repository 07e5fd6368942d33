"""Several invoices of one invented seller to one buyer: the same template, words and accounts, other bills."""

import random
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.generator.generation import GeneratedInvoice, draft_for, printed
from benchmarks.generator.invoices import Invoice, invent_invoice

_TRIES = 200


def generate_series(*, index: int, seed: int, length: int) -> Iterator[GeneratedInvoice]:
    """The invoice of this seed and place, and those that its seller writes later."""
    draft = draft_for(index=index, seed=seed)
    for number in range(length):
        chance = random.Random(f"series {seed} {index} {number}")  # noqa: S311  the same invoices at every run
        invoice = draft.invoice if number == 0 else _next(draft.invoice, chance)
        name = f"series-{seed}-{index:04d}-{number + 1}"
        yield printed(draft=replace(draft, invoice=invoice, chance=chance), name=name)


def _next(first: Invoice, chance: random.Random) -> Invoice:
    """Another bill between the same two, with a payment reference of the same kind."""
    for _ in range(_TRIES):
        other = invent_invoice(locale=first.locale, case=first.case, chance=chance)
        if other.reference.kind == first.reference.kind and other.currency == first.currency:
            break
    else:
        raise LookupError(f"no second reference of the kind {first.reference.kind} in {_TRIES} tries")
    return replace(
        other,
        seller=first.seller,
        buyer=first.buyer,
        buyer_attention=first.buyer_attention,
        ship_to=first.ship_to,
        customer_number=first.customer_number,
        accounts=first.accounts,
        payer_account=first.payer_account,
    )
