"""Runs the API and the back office in the foreground: `python -m samples.serve`, on PORT (8000); Ctrl-C stops it.

Prepares the database and the demonstration data first. With REDIS_URL set, the workers are started by hand.
"""

import os
import shlex
import sys

from samples.demo import SAMPLE
from samples.running import (
    DATA_DIR,
    GUNICORN,
    ROOT,
    DemoAccess,
    RunFailed,
    Service,
    has_broker,
    is_taken,
    prepare,
    stop_on_termination,
)
from samples.terminal import Terminal

LOG = DATA_DIR / "serve.log"


def main() -> int:
    """The exit code: 0 after Ctrl-C, 1 with a sentence on standard error when the service cannot run."""
    stop_on_termination()
    try:
        serve()
    except RunFailed as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
    return 0


def serve() -> None:
    """Returns never but by KeyboardInterrupt or RunFailed."""
    host, port = _address()
    if is_taken(host=host, port=port):
        raise RunFailed(
            f"Port {port} on {host} cannot be used: something else listens there, or it is not allowed. "
            f"Choose another: make serve PORT={port + 1}"
        )
    terminal = Terminal()
    terminal.line("Preparing the database and the demonstration data …", "dim")
    access = prepare(log=LOG)
    base_url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - shown, not listened on
    with Service(commands=[[*GUNICORN, "--bind", f"{host}:{port}"]]) as service:
        service.wait_until_healthy(base_url)
        _say_what_runs(terminal, base_url=base_url, access=access)
        code = service.wait()
        raise RunFailed(f"The web server ended by itself with code {code}; what it printed above says why.")


def _address() -> tuple[str, int]:
    """BIND, or PORT on 127.0.0.1. Raises RunFailed on anything that is not an address with a port."""
    bind = os.environ.get("BIND", "").strip() or f"127.0.0.1:{os.environ.get('PORT', '').strip() or 8000}"
    host, _, port = bind.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise RunFailed(f"{bind} is no address to listen on; set PORT to a number from 1 to 65535.")
    return host or "127.0.0.1", int(port)


def _say_what_runs(terminal: Terminal, *, base_url: str, access: DemoAccess) -> None:
    terminal.heading(f"Paydraft runs on {base_url}, for {access.customer_name}; Ctrl-C stops it")
    terminal.pairs(
        (
            ("back office", f"{base_url}/admin/"),
            ("user", access.admin_user),
            ("password", access.admin_password or "the one you set"),
            ("API, to try out", f"{base_url}/v2/docs"),
            ("API key", access.api_key),
            ("customer_id", access.customer_id),
        )
    )
    if has_broker():
        terminal.heading("REDIS_URL is set, so workers have to run; in two other terminals, with the same variables")
        for command in ("worker --concurrency 2", "beat"):
            terminal.line(f"  {ROOT / '.venv' / 'bin' / 'celery'} -A config {command}")
    terminal.heading("Send an invoice, and ask for the result (paste into another terminal)")
    for line in _curl_lines(base_url=base_url, access=access):
        terminal.line(line)
    terminal.line()


def _curl_lines(*, base_url: str, access: DemoAccess) -> tuple[str, ...]:
    """For any POSIX shell. The body goes through a pipe, since a large document does not fit into an argument."""
    head = f'{{"customer_id": "{access.customer_id}", "base64_file": "'
    body = f"{{ printf '%s' '{head}'; base64 < {shlex.quote(str(SAMPLE))} | tr -d '\\n'; printf '\"}}'; }}"
    curl = f"curl -sS -H 'Authorization: Bearer {access.api_key}'"
    post = f"{curl} -H 'Content-Type: application/json' --data-binary @- {base_url}/v2/invoices/ocr"
    take_id = """tee /dev/stderr | sed -n 's/.*"job_id": *"\\([^"]*\\)".*/\\1/p'"""
    return (f"JOB=$({body} | {post} | {take_id})", f"{curl} {base_url}/v2/invoices/ocr/$JOB; echo")


if __name__ == "__main__":
    sys.exit(main())
