"""What load balancers, containers and people ask."""

import logging

from django.http import HttpRequest, JsonResponse

from config.health import needs, processes
from config.health.asking import SECONDS, Check, answers

log = logging.getLogger(__name__)

# Without these a document cannot be accepted and kept, or the API contract names them: 503.
NEEDED: dict[str, Check] = {
    "database": needs.database,
    "migrations": needs.migrations,
    "tenant_wall": needs.tenant_wall,
    "broker": needs.broker,
    "storage": needs.storage,
    "ocr_models": needs.ocr_models,
}
# Who does the work later. While one is missing, documents are still accepted and nothing is lost: a web process that
# were taken out of service for it would make an outage of a delay. It is said, and people are to be told.
WANTED: dict[str, Check] = {
    "worker": processes.worker,
    "webhook_worker": processes.webhook_worker,
    "beat": processes.beat,
}


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 with `ok`, or with `degraded` when only work is left undone; 503 with `unavailable` when something needed is
    missing. Each check says "ok", or what to do."""
    said = answers(NEEDED | WANTED)
    results = {name: _in_time(name, answer) for name, answer in said.items()}
    failed = {name for name, result in results.items() if result != needs.OK}
    status = "unavailable" if failed & NEEDED.keys() else "degraded" if failed else "ok"
    for name in sorted(failed):
        log.warning("readyz: %s: %s", name, results[name])
    return JsonResponse({"status": status, "checks": results}, status=503 if status == "unavailable" else 200)


def _in_time(name: str, answer: str | None) -> str:
    if answer is not None:
        return answer
    return f"No answer within {SECONDS:g} seconds: {HANGING[name]}"


HANGING = {
    "database": "the database takes connections and says nothing; look at its load, its locks and the network.",
    "migrations": "the database says nothing; see database.",
    "tenant_wall": "the database says nothing; see database.",
    "broker": "Redis takes connections and says nothing; look at its load and the network. Jobs are accepted and wait.",
    "storage": "the storage of the documents hangs; look at the disk or mount of PAYDRAFT_DATA_DIR, or at STORAGE_URL.",
    "ocr_models": "the disk with the installed packages hangs.",
    "worker": "the database or Redis says nothing; see database and broker.",
    "webhook_worker": "Redis says nothing; see broker.",
    "beat": "Redis says nothing; see broker.",
}
