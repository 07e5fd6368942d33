"""Which blockers a person answers by what they change in a draft. Pure.

A blocker that a document brought stays until somebody has answered the very question it asks: a changed date says
nothing about a changed account.
"""

from collections.abc import Collection, Iterable

# What is sent for a field answers the questions about this field.
ANSWERED_BY: dict[str, frozenset[str]] = {
    "counterparty": frozenset(
        {
            "counterparty_ambiguous",
            "counterparty_inactive",
            "iban_belongs_to_other_counterparty",
            "lookalike_name",
            "lookalike_domain",
            "vat_id_differs",
            "payee_name_differs",
        }
    ),
    "account": frozenset(
        {
            "account_ambiguous",
            "account_assumed",
            "account_inactive",
            "bank_details_changed",
            "several_ibans",
            "iban_is_own_account",
            "iban_invalid",
        }
    ),
    "amount": frozenset(
        {
            "amount_not_representable",
            "amount_due_differs",
            "instalments",
            "amounts_do_not_add_up",
        }
    ),
    "currency": frozenset({"currency_not_supported"}),
    "reference": frozenset({"reference_too_long"}),
}

# Questions about more than one field, answered when all of these are sent at once: the text that nobody can see may
# hold another account or another total.
ANSWERED_BY_ALL: dict[str, frozenset[str]] = {"hidden_text": frozenset({"account", "amount"})}

# Questions that no field of a draft answers: somebody has to look, and to say that it is meant like this.
SETTLED_BY_WORD = (
    "another_payee",
    "billed_to_someone_else",
    "direct_debit",
    "low_confidence",
    "paid_by_card",
    "payment_file_out",
    "sources_disagree",
)

# Told by the values alone, and asked anew at every change: a stored answer must not outlive its reason.
ASKED_ANEW = frozenset(
    {
        "counterparty_not_found",
        "account_unknown",
        "amount_missing",
        "amount_not_positive",
        "currency_missing",
        "source_account_missing",
        "reference_not_payable",
        "account_not_payable",
        "amount_not_payable",
        "name_not_payable",
        "duplicate_invoice",
    }
)


# What a change never answers: a bill of which nothing is to be paid is cancelled, or its draft is made anew.
NEVER_ANSWERED = frozenset({"credit_note"})


def left_open(
    *, blockers: Iterable[str], answered: Collection[str], settled: Collection[str], current: Iterable[str]
) -> set[str]:
    """The blockers of a draft after a change.

    `answered` are keys of `ANSWERED_BY` for which something was sent, `settled` codes of `SETTLED_BY_WORD`, `current`
    what stands against the new values themselves.
    """
    by_all = [code for code, fields in ANSWERED_BY_ALL.items() if fields <= set(answered)]
    gone = ASKED_ANEW.union(settled, by_all, *(ANSWERED_BY[field] for field in answered))
    return (set(blockers) - gone) | set(current)
