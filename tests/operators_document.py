"""The commands of the documents that operators read, to be carried out as they stand there."""

import re
import subprocess
from collections.abc import Mapping

from tests.services import ROOT


def commands_under(heading: str, *, document: str) -> list[str]:
    """The lines of the first block of shell commands below the heading."""
    text = (ROOT / document).read_text(encoding="utf-8")
    below = re.split(rf"^#+ {re.escape(heading)}$", text, maxsplit=1, flags=re.MULTILINE)
    assert len(below) == 2, f"{document} has no chapter {heading}"
    block = re.search(r"^```sh\n(.*?)^```$", below[1].split("\n## ")[0], re.MULTILINE | re.DOTALL)
    assert block is not None, f"{document} has no commands under {heading}"
    return block[1].splitlines()


def carry_out(command: str, *, environment: Mapping[str, str]) -> str:
    """The command's output, from a shell in the folder of the service. It has to end with 0."""
    done = subprocess.run(
        ["sh", "-euc", command], cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
