"""Writes the sample invoices, the buyer's books and the ground truth: `python -m samples.make_samples [folder]`.

Needs the development dependencies. The same data give the same files, byte for byte as far as the versions of the
libraries are the same.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from samples.bills import Bill
from samples.facturx import cross_industry_invoice, embed
from samples.layouts import (
    delicatessen,
    freight,
    it_equipment,
    joinery,
    office_supplies,
    seminar,
    storage,
    trade_fair,
    van_hire,
)
from samples.ledger import counterparties_csv, customer_json, truth_jsonl
from samples.orders import (
    BILLS,
    DELICATESSEN,
    FREIGHT,
    IT_EQUIPMENT,
    JOINERY,
    OFFICE_SUPPLIES,
    SEMINAR,
    STORAGE,
    TRADE_FAIR,
    VAN_HIRE,
)
from samples.scanner import scan

HERE = Path(__file__).resolve().parent


def _freight_with_xml(bill: Bill) -> bytes:
    xml = cross_industry_invoice(bill)
    return embed(freight.draw(bill), xml=xml, title=f"Rechnung {bill.number}", made_on=bill.issue_date)


def _scanned_delicatessen(bill: Bill) -> bytes:
    return scan(delicatessen.draw(bill))


DRAWINGS: dict[str, Callable[[Bill], bytes]] = {
    OFFICE_SUPPLIES.file: office_supplies.draw,
    FREIGHT.file: _freight_with_xml,
    SEMINAR.file: seminar.draw,
    STORAGE.file: storage.draw,
    VAN_HIRE.file: van_hire.draw,
    TRADE_FAIR.file: trade_fair.draw,
    JOINERY.file: joinery.draw,
    DELICATESSEN.file: _scanned_delicatessen,
    IT_EQUIPMENT.file: it_equipment.draw,
}


def make_samples(folder: Path) -> None:
    """Writes everything into `folder`, over what is there."""
    invoices = folder / "invoices"
    invoices.mkdir(parents=True, exist_ok=True)
    for bill in BILLS:
        (invoices / bill.file).write_bytes(DRAWINGS[bill.file](bill))
    (folder / "customer.json").write_text(customer_json(), encoding="utf-8")
    (folder / "counterparties.csv").write_text(counterparties_csv(), encoding="utf-8")
    (folder / "truth.jsonl").write_text(truth_jsonl(BILLS), encoding="utf-8")


if __name__ == "__main__":
    make_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
