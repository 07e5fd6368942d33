"""`make bench-written`: how many invoices that customers write come back right, by their e-invoice and without it."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable

from benchmarks.tables import table
from benchmarks.written.bills import invent_bill
from benchmarks.written.reading_back import misread, pages_alone, said
from invoices.rendering.bill import Bill
from invoices.rendering.pdf import invoice_pdf


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-written", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many invoices (100)")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first (0)")
    parser.add_argument("--quiet", action="store_true", help="only the table, not each difference")
    arguments = parser.parse_args()
    bills = [invent_bill(seed) for seed in range(arguments.first, arguments.first + arguments.count)]
    ways: dict[str, Callable[[Bill], bytes]] = {"with its e-invoice": invoice_pdf, "its pages alone": pages_alone}
    rows = [_row(way, draw, bills, quiet=arguments.quiet) for way, draw in ways.items()]
    print(
        table(headings=("read from", "n", "completely right", "empty values", "wrong values", "of values"), rows=rows)
    )
    return 0


def _row(way: str, draw: Callable[[Bill], bytes], bills: list[Bill], *, quiet: bool) -> tuple[str, ...]:
    right, counted = 0, Counter[str]()
    for bill in bills:
        differing = misread(pdf=draw(bill), bill=bill)
        right += not differing
        for name, (stated, found) in differing.items():
            counted["empty" if found is None else "wrong"] += 1
            if not quiet:
                print(f"{way}, {bill.number}: {name} is {stated!r}, read {found!r}")
    values = sum(value is not None for bill in bills for value in said(bill).values())
    figures = (len(bills), right, counted["empty"], counted["wrong"], values)
    return (way, *map(str, figures))


if __name__ == "__main__":
    sys.exit(main())
