"""Sends an invoice through the service and prints the draft payment it becomes: `python -m samples.demo [file]`.

Prepares the database, starts the service on a free port, acts as a client over HTTP, and stops what it started.
"""

import os
import sys
import time
from pathlib import Path

from samples.client import Answer, Api, NoAnswer
from samples.findings import show_fields, show_job, show_match, show_notes, show_runs, show_transfer, show_warnings
from samples.running import (
    DATA_DIR,
    GUNICORN,
    ROOT,
    WORKER,
    DemoAccess,
    RunFailed,
    Service,
    free_port,
    has_broker,
    prepare,
    short,
    stop_on_termination,
)
from samples.terminal import Terminal

SAMPLE = ROOT / "samples" / "invoices" / "joinery-epc-de.pdf"
LOG = DATA_DIR / "demo.log"


def main(arguments: list[str]) -> int:
    """The exit code: 0 when the job has finished, 2 for a file that is none, else 1; a sentence on standard error."""
    stop_on_termination()
    file = Path(arguments[0]) if arguments else SAMPLE
    if not file.is_file() or not os.access(file, os.R_OK):
        sys.stderr.write(
            f"There is no file {file} that can be read; name an invoice to read, or nothing for the sample.\n"
        )
        return 2
    try:
        demonstrate(file)
    except RunFailed as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except NoAnswer as error:
        sys.stderr.write(f"\n{error}\nThe service's log is {short(LOG)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted; everything that was started has been stopped.\n")
        return 130
    return 0


def demonstrate(file: Path) -> None:
    """Raises RunFailed or NoAnswer, whose messages are for the person at the terminal."""
    terminal = Terminal()
    started = time.monotonic()
    terminal.line("Preparing the database and the demonstration data …", "dim")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    access = prepare(log=LOG)
    base_url = f"http://127.0.0.1:{free_port()}"
    commands = [[*GUNICORN, "--bind", base_url.removeprefix("http://")]]
    if has_broker():
        commands.append(list(WORKER))
    terminal.line(f"Starting the service on {base_url} …", "dim")
    with Service(commands=commands, log=LOG) as service:
        service.wait_until_healthy(base_url)
        terminal.line(f"Ready after {time.monotonic() - started:.1f} s.", "dim")
        _read(terminal, api=Api(base_url=base_url, key=access.api_key), access=access, file=file)
        terminal.line()
        terminal.line("Stopping the service …", "dim")
    _say_how_to_go_on(terminal, access=access)


def _read(terminal: Terminal, *, api: Api, access: DemoAccess, file: Path) -> None:
    accepted, idempotency_key = api.send_invoice(file=file, customer_id=access.customer_id)
    location = accepted.headers["location"]
    _show_sending(terminal, accepted=accepted, idempotency_key=idempotency_key, access=access, file=file)
    retry_after = float(accepted.headers.get("retry-after", "1"))
    sent = time.monotonic()
    job, polls = api.wait_for(location, retry_after=retry_after)
    seconds = time.monotonic() - sent
    times = "once" if polls == 1 else f"{polls} times"
    terminal.line(f"  GET {location}")
    status = terminal.paint(str(job.status), "good" if job.status == 200 else "bad")
    terminal.line(f"  {status}  polled {times} as Retry-After says, {seconds:.1f} s")
    if job.status != 200:
        raise NoAnswer(f"The job ended with {job.status}: {job.body.get('message', job.body)}")
    evidence = _get(api, f"{location}/evidence")
    show_job(terminal, job=job.body)
    show_fields(terminal, evidence=evidence.body)
    show_match(terminal, evidence=evidence.body)
    show_warnings(terminal, evidence=evidence.body)
    show_notes(terminal, evidence=evidence.body)
    show_transfer(terminal, transfer=_get(api, f"/v2/transfers/{job.body['transfer_id']}").body)
    show_runs(terminal, evidence=evidence.body)


def _get(api: Api, path: str) -> Answer:
    answer = api.get(path)
    if answer.status != 200:
        raise NoAnswer(f"GET {path} answered {answer.status}: {answer.body}")
    return answer


def _show_sending(
    terminal: Terminal, *, accepted: Answer, idempotency_key: str, access: DemoAccess, file: Path
) -> None:
    terminal.heading(f"{file.name}, for {access.customer_name}")
    terminal.line("  POST /v2/invoices/ocr")
    terminal.line(f"  {terminal.paint(str(accepted.status), 'good')}  after {accepted.seconds * 1000:.0f} ms")
    terminal.pairs(
        (
            ("X-Idempotency-Key", idempotency_key),
            ("Location", accepted.headers["location"]),
            ("Retry-After", accepted.headers.get("retry-after", "—")),
            ("upload_id", accepted.body["upload_id"]),
        ),
        indent=7,
    )


def _say_how_to_go_on(terminal: Terminal, *, access: DemoAccess) -> None:
    terminal.heading("See it in the back office")
    terminal.pairs(
        (
            ("start", "make serve"),
            ("open", "http://127.0.0.1:8000/admin/"),
            ("user", access.admin_user),
            (
                "password",
                f"in {short(DATA_DIR / 'demo-admin-password')}" if access.admin_password else "the one you set",
            ),
            ("log of this run", short(LOG)),
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
