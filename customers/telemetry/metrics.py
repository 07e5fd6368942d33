"""Every counter and histogram of the service. docs/operating.md says what each means and when to worry."""

from customers.telemetry.counting import CounterMetric, HistogramMetric

REQUESTS = HistogramMetric(
    "paydraft_request_seconds",
    "Time to answer an HTTP request, by route as it is written in the URLs, method and status.",
    ("method", "route", "status"),
    (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STAGES = HistogramMetric(
    "paydraft_stage_seconds",
    "Wall time of a stage of processing.",
    ("stage",),
    (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),
)
RUNS = CounterMetric("paydraft_runs", "Attempts at a job, by how they ended and why.", ("outcome", "reason"))
MATCHES = CounterMetric("paydraft_matches", "What a run made of the payee and of the account.", ("subject", "outcome"))
FIRST_DRAFTS = CounterMetric(
    "paydraft_first_drafts",
    "Drafts of documents read for the first time; blocked=no went straight through.",
    ("blocked",),
)
BLOCKERS = CounterMetric("paydraft_draft_blockers", "Blockers of those first drafts.", ("blocker",))
SANDBOX_RESTARTS = CounterMetric("paydraft_sandbox_restarts", "Reading children that were replaced.", ("reason",))
STORAGE_ERRORS = CounterMetric("paydraft_storage_errors", "Calls that the document storage failed.", ("operation",))
WEBHOOK_ATTEMPTS = CounterMetric("paydraft_webhook_attempts", "Webhooks sent, by what came of it.", ("outcome",))

HISTOGRAMS = (REQUESTS, STAGES)
COUNTERS = (
    RUNS,
    MATCHES,
    FIRST_DRAFTS,
    BLOCKERS,
    SANDBOX_RESTARTS,
    STORAGE_ERRORS,
    WEBHOOK_ATTEMPTS,
)
