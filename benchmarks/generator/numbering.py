"""Numbers of invoices, as programs and people make them up."""

import random
from datetime import date


def invent_number(*, country: str, day: date, chance: random.Random) -> str:
    """In a way that is usual everywhere, or now and then in one of the country's own."""
    serial = chance.randint(1, 9999)
    national = {
        "DE": [f"RE-{day.year}-{serial:05d}", f"RE{serial:06d}", f"R {serial:05d}"],
        "AT": [f"RE-{day.year}-{serial:04d}", f"AR{day:%y}{serial:05d}"],
        "CH": [f"RE-{serial:05d}"],
        "PL": [f"FV/{serial}/{day:%m}/{day.year}", f"{serial}/{day:%m}/{day.year}", f"FS {serial}/{day.year}"],
        "PT": [f"FT {day.year}A/{serial}", f"FT A{day.year}/{serial}", f"FAC 1/{serial}"],
        "ES": [f"A/{day.year}/{serial:04d}", f"F{day:%y}/{serial:04d}", f"{day:%y}-{serial:05d}"],
        "IT": [f"{serial}/{day.year}", f"{serial}/A", f"FPR {serial}/{day:%y}", f"{serial}"],
        "FR": [f"FA{day:%y%m}-{serial:04d}", f"F-{day.year}-{serial:04d}", f"FC{serial:06d}"],
        "BE": [f"VF{day:%y}{serial:06d}", f"{day.year}/{serial:04d}"],
        "NL": [f"VF{day:%y}-{serial:05d}", f"F{day.year}{serial:04d}"],
        "CZ": [f"{day.year}{serial:06d}", f"FV{day:%y}{serial:05d}"],
        "GB": [f"INV-{serial:05d}", f"SI-{serial:06d}", f"A {serial:05d}"],
        "US": [f"INV-{serial:05d}", f"INV{serial:06d}"],
        "AU": [f"INV-{serial:04d}"],
        "IE": [f"INV{serial:05d}", f"{serial:05d}-{day:%y}"],
    }
    if country in national and chance.random() < 0.5:
        return chance.choice(national[country])
    return chance.choice(
        [
            f"{day.year}-{serial:04d}",
            f"{serial + 10000}",
            f"{day:%Y%m}{serial:04d}",
            f"{serial:03d}/{day.year}",
            f"{day:%y}{serial + 100000}",
            f"{day.year}.{serial:04d}",
            f"{chance.randint(1000000, 9999999)}",
            f"{day:%y%m}-{chance.randint(10, 99)}",
        ]
    )
