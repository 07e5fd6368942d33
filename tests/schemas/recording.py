"""`python -m tests.schemas.recording 2.1.0` at a release: keeps which migrations that version ends with."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def main(version: str) -> None:
    django.setup()
    from tests.schemas import FOLDER, newest

    path = FOLDER / f"{version}.json"
    path.write_text(json.dumps(newest(), indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {path.relative_to(FOLDER.parent.parent)}: commit it with the release.")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
