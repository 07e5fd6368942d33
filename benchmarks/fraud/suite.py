"""All kinds of the suite, and the documents of a run, drawn one after the other."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.fraud import bank_forgeries as bank
from benchmarks.fraud import honest
from benchmarks.fraud import identity_forgeries as identity
from benchmarks.fraud import layer_forgeries as layer
from benchmarks.fraud.cast import Cast
from benchmarks.fraud.specimens import Kind, Scene, Specimen
from benchmarks.generator.degradation import scanned

_CHANGED = frozenset({"bank_details_changed"})
_IMITATED = _CHANGED | {"lookalike_name", "lookalike_domain"}
_CONTRADICTED = frozenset({"bank_details_changed", "several_ibans", "sources_disagree", "hidden_text"})
_DIFFERENT = _CONTRADICTED | {"amount_due_differs"}
_SCAN_DPI = 200

FORGED: tuple[Kind, ...] = (
    Kind("new_iban_same_country", "new IBAN, same country", bank.new_iban_same_country, _CHANGED),
    Kind("new_iban_other_country", "new IBAN, other country", bank.new_iban_other_country, _CHANGED),
    Kind("new_iban_same_bank", "new IBAN at the supplier's bank", bank.new_iban_same_bank, _CHANGED),
    Kind(
        "exchanged_digits",
        "two digits exchanged, fails mod-97",
        bank.iban_with_exchanged_digits,
        frozenset({"iban_invalid"}),
    ),
    Kind(
        "exchanged_digits_valid",
        "two digits exchanged, passes mod-97",
        bank.iban_with_exchanged_digits_that_passes,
        _CHANGED,
    ),
    Kind("two_ibans", "the supplier's and another IBAN", bank.second_iban, _CONTRADICTED),
    Kind(
        "other_suppliers_iban",
        "another supplier's IBAN",
        bank.other_suppliers_iban,
        frozenset({"iban_belongs_to_other_counterparty"}),
    ),
    Kind("own_iban", "the customer's own IBAN", bank.own_iban, frozenset({"iban_is_own_account"})),
    Kind(
        "foreign_bic",
        "IBAN and BIC of different countries",
        bank.foreign_bic,
        _CHANGED | {"iban_country_mismatch", "bic_iban_mismatch"},
    ),
    Kind("notice", "notice of new bank details", bank.notice_of_change, _CHANGED | {"several_ibans"}),
    Kind("homoglyph_name", "Cyrillic or Greek letters in the name", identity.name_in_other_alphabet, _IMITATED),
    Kind("look_alike_name", "rn for m, 1 for l in the name", identity.name_with_look_alike_signs, _IMITATED),
    Kind("homoglyph_domain", "Cyrillic or Greek letters in the domain", identity.domain_in_other_alphabet, _IMITATED),
    Kind("look_alike_domain", "look-alike domain", identity.look_alike_domain, _IMITATED),
    Kind("imitation", "stranger with nearly the supplier's name", identity.imitation, _IMITATED),
    Kind("vat_number", "another VAT number", identity.changed_vat_number, _CHANGED | {"vat_id_differs"}),
    Kind(
        "billed_elsewhere",
        "billed to somebody else",
        identity.billed_to_somebody_else,
        frozenset({"billed_to_someone_else"}),
    ),
    Kind(
        "paid_other_amount",
        "paid bill again, other amount",
        identity.paid_bill_with_another_amount,
        frozenset({"duplicate_invoice"}),
    ),
    Kind(
        "paid_other_iban",
        "paid bill again, other IBAN",
        identity.paid_bill_with_another_iban,
        _CHANGED | {"duplicate_invoice"},
    ),
    Kind("white_text", "white text", layer.white_text, _CONTRADICTED, may_be_scanned=False),
    Kind("tiny_text", "tiny text", layer.tiny_text, _CONTRADICTED, may_be_scanned=False),
    Kind("text_without_ink", "text without ink", layer.text_without_ink, _CONTRADICTED, may_be_scanned=False),
    Kind("text_under_picture", "text under a picture", layer.text_under_picture, _CONTRADICTED, may_be_scanned=False),
    Kind(
        "text_of_scan",
        "text layer of a scan differs",
        layer.false_text_of_scan,
        _CONTRADICTED,
        may_be_scanned=False,
        takes_long=True,
    ),
    Kind("epc_code", "EPC code differs from print", layer.epc_code_of_another, _DIFFERENT),
    Kind("swiss_code", "Swiss QR code differs from print", layer.swiss_code_of_another, _DIFFERENT),
    Kind("einvoice", "Factur-X differs from print", layer.einvoice_of_another, _DIFFERENT, may_be_scanned=False),
)

_NONE: frozenset[str] = frozenset()
HONEST: tuple[Kind, ...] = (
    Kind("known", "known supplier, its account", honest.known_supplier, _NONE, is_forged=False),
    Kind("second_account", "second account on file", honest.second_account, _NONE, is_forged=False),
    Kind("both_accounts", "both accounts on file printed", honest.both_accounts, _NONE, is_forged=False),
    Kind("recurring", "recurring bill, same amount", honest.recurring, _NONE, is_forged=False),
    Kind("direct_debit", "direct debit", honest.direct_debit, frozenset({"iban_is_own_account"}), is_forged=False),
    Kind("no_bank_details", "no bank details", honest.without_bank_details, _NONE, is_forged=False),
    Kind("credit_note", "credit note", honest.credit_note, _NONE, is_forged=False),
    Kind("new_supplier", "new supplier", honest.new_supplier, _NONE, is_forged=False),
    Kind("renamed", "renamed, alias on file", honest.renamed, _NONE, is_forged=False),
    Kind("factored", "factoring bank on file", honest.factored, frozenset({"another_payee"}), is_forged=False),
    Kind("siblings", "companies of one group", honest.sibling, _NONE, is_forged=False),
    Kind("code_and_einvoice", "codes and e-invoices that agree", honest.code_and_einvoice, _NONE, is_forged=False),
    Kind(
        "searchable_scan",
        "scan with a text layer",
        honest.searchable_scan,
        _NONE,
        is_forged=False,
        may_be_scanned=False,
        takes_long=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A specimen with its name in the run. `is_scan` documents went through a scanner."""

    name: str
    kind: Kind
    specimen: Specimen
    is_scan: bool


def draw(*, kinds: Sequence[Kind], cast: Cast, each: int, seed: int, scans_of: int = 0) -> Iterator[Document]:
    """`each` documents of every kind. Every `scans_of`-th of a kind that survives it is a scan; 0 for none."""
    for kind in kinds:
        for number in range(each):
            is_scan = bool(scans_of) and kind.may_be_scanned and number % scans_of == scans_of - 1
            specimen = _drawn(kind, cast, number, seed)
            if is_scan:
                content = scanned(pdf=specimen.content, preset="clean", dpi=_SCAN_DPI, seed=f"{seed} {number}")
                specimen = replace(specimen, content=content)
            yield Document(f"{kind.name}-{number:03d}", kind, specimen, is_scan)


def _drawn(kind: Kind, cast: Cast, number: int, seed: int) -> Specimen:
    """Of the first supplier, in an order of the document's own, whose layout shows what is forged."""
    chance = random.Random(f"fraud {seed} {kind.name} {number}")  # noqa: S311  the same document at every run
    for supplier in chance.sample(cast.suppliers, len(cast.suppliers)):
        scene = Scene(cast, supplier, chance, number)
        specimen = kind.make(scene)
        if specimen is not None:
            return specimen
    raise LookupError(f"No supplier of the cast can play {kind.name}; draw a cast with more of them.")
