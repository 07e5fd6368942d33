"""Every setting, read top to bottom; the environment decides.

With no variable set this is the embedded service: SQLite, a worker thread on the in-memory broker, a local folder.
`DATABASE_URL`, `REDIS_URL` and `STORAGE_URL` each replace one of the three. `.env.example` lists all variables.
"""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab, schedule
from csp.constants import NONE, SELF
from kombu import Queue

from config.api.description import ABOUT, POSTPROCESSING_HOOKS, TAGS
from config.api.enum_names import ENUM_NAMES
from config.environment import choice as _choice
from config.environment import document_keys as _document_keys
from config.environment import flag as _flag
from config.environment import networks as _networks
from config.environment import number as _number
from config.environment import number_format as _number_format
from config.environment import rate as _rate
from config.environment import storage as _storage
from config.environment import text as _text
from config.observing.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent


# --- where things lie -----------------------------------------------------------------------------------------------

DATA_DIR = Path(_text("PAYDRAFT_DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """`SECRET_KEY`, or one made once and kept beside the embedded database, readable by its owner only."""
    if given := _text("SECRET_KEY"):
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        # Linked into place once it is complete: of processes that start together one wins, and none reads half a key.
        draft = DATA_DIR / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = _flag("DEBUG", default=False)
ALLOWED_HOSTS = _text("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in _text("CSRF_TRUSTED_ORIGINS").split(",") if origin]

# --- the house ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.observing.apps.ObservingConfig",
    "config.back_office.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "customers",
    "counterparties",
    "invoices",
    "transfers",
    "ocr",
]

MIDDLEWARE = [
    "config.observing.requests.RequestWatch",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.api.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.api.path_ids.PathIdMiddleware",
    "config.api.callers.CallerMiddleware",
    "config.api.charsets.CharsetMiddleware",
    "config.api.chunked_bodies.ChunkedBodyMiddleware",
    "config.api.idempotency.IdempotencyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("it", "Italiano")]  # of the API's answers
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

# --- database: SQLite, or DATABASE_URL ------------------------------------------------------------------------------

DATABASE_URL = _text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'paydraft.sqlite3'}")
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that reads first and writes later would otherwise fail with "database is locked"
        # instead of waiting its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A process that is frozen in a transaction holds its locks; longer than a storage takes to give up, nobody waits.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c idle_in_transaction_session_timeout=60000")
TENANT_DATABASE_ROLE = _text("TENANT_DATABASE_ROLE")  # as whom API requests ask PostgreSQL; empty: no second wall

# --- queue: a worker thread on the in-memory broker, or REDIS_URL ----------------------------------------------------

REDIS_URL = _text("REDIS_URL")
EMBEDDED = not REDIS_URL

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any outage of its broker
# A broker that is down must cost a POST no more than a moment: the sweeper announces the job again.
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.01}
    if EMBEDDED
    else {
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
    }
)
CELERY_TASK_PUBLISH_RETRY = False
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # four counters a key; a full cache drops some of them
    }
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "paydraft",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# Webhooks wait neither behind documents nor in front of them. A worker without --queues takes from both.
WEBHOOK_QUEUE = "webhooks"
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = (
    Queue(CELERY_TASK_DEFAULT_QUEUE, routing_key=CELERY_TASK_DEFAULT_QUEUE),
    Queue(WEBHOOK_QUEUE, routing_key=WEBHOOK_QUEUE),
)
CELERY_TASK_ROUTES = {
    # On Redis 0 comes first: thousands of documents must not hold up the sweeper, which rescues jobs and shows that
    # workers live.
    "ocr.tasks.process": {"priority": 6},
    "customers.tasks.deliver": {"queue": WEBHOOK_QUEUE},
    "customers.tasks.sweep": {"queue": WEBHOOK_QUEUE},
}
SWEEP_INTERVAL = timedelta(seconds=_number("SWEEP_INTERVAL_SECONDS", 2))
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "ocr.tasks.sweep", "schedule": schedule(SWEEP_INTERVAL)},
    "sweep-webhooks": {"task": "customers.tasks.sweep", "schedule": schedule(SWEEP_INTERVAL)},
    "purge-documents": {"task": "ocr.tasks.purge_documents", "schedule": crontab(hour=2, minute=30)},
    "remove-leftovers": {"task": "invoices.tasks.remove_leftovers", "schedule": crontab(hour=3, minute=30)},
    "purge": {"task": "customers.tasks.purge", "schedule": schedule(timedelta(hours=1))},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- files: a local folder, or STORAGE_URL (s3://key:secret@host:port/bucket?region=…&tls=0) --------------------------


STORAGES = {
    "default": _storage(_text("STORAGE_URL"), folder=DATA_DIR / "uploads"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# What encrypts documents at rest, whichever storage it is: the first encrypts, all decrypt.
DOCUMENT_KEYS = _document_keys(_text("DOCUMENT_KEYS"), file=_text("DOCUMENT_KEYS_FILE"))

# --- documents ------------------------------------------------------------------------------------------------------

MEBIBYTE = 1024 * 1024
MAX_DOCUMENT_BYTES = _number("MAX_DOCUMENT_MIB", 20) * MEBIBYTE
MAX_DOCUMENT_PAGES = _number("MAX_DOCUMENT_PAGES", 50)
MAX_PAGE_MEGAPIXELS = _number("MAX_PAGE_MEGAPIXELS", 100)
# base64 adds a third, line breaks and the other JSON keys a little more. DRF since 3.17.2 holds JSON bodies to this.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_DOCUMENT_BYTES * 4 // 3 + MAX_DOCUMENT_BYTES // 16 + MEBIBYTE
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * MEBIBYTE
if DOCUMENT_KEYS:
    # A larger form would pass through a temporary file, as it is; base64 is held in memory just the same.
    FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
    FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# Pictures of pages that people have looked at, kept for the next look; each machine keeps its own.
PAGE_IMAGES_DIR = DATA_DIR / "page-images"
PAGE_IMAGES_BYTES = 256 * MEBIBYTE
# Asked before a document is discarded: each gives the reason why it is still needed, or None. Uploads know neither.
UPLOAD_KEEPERS = ["transfers.drafts.why_kept", "ocr.intake.why_kept"]

# --- reading --------------------------------------------------------------------------------------------------------

EXTRACTION_STRICTNESS = _choice("EXTRACTION_STRICTNESS", "balanced", ("strict", "balanced", "eager"))
OCR_ENGINE = _text("OCR_ENGINE", "rapidocr")  # or easyocr or tesseract, from the extra of that name
OCR_SECOND_ENGINE = _text("OCR_SECOND_ENGINE", "auto")  # an engine's name, none, or tesseract where it is installed
READER_CPU_SECONDS = _number("READER_CPU_SECONDS", 300)
READER_WALL_SECONDS = _number("READER_WALL_SECONDS", 420)
READER_MEMORY_MIB = _number("READER_MEMORY_MIB", 4096)
READER_DOCUMENTS_PER_CHILD = _number("READER_DOCUMENTS_PER_CHILD", 200)

# --- matching -------------------------------------------------------------------------------------------------------

PAYEE_VERIFIER = _text("PAYEE_VERIFIER")  # dotted path of a class that asks who holds an account; none by default
PAYEE_VERIFIER_SECONDS = _number("PAYEE_VERIFIER_SECONDS", 5)

# --- jobs -----------------------------------------------------------------------------------------------------------

JOB_LEASE = timedelta(seconds=_number("JOB_LEASE_SECONDS", 6))  # renewed while the work goes on
JOB_LONGEST = timedelta(seconds=READER_WALL_SECONDS * 2 + 60)  # a document gets two reading children at the most
JOB_MAX_ATTEMPTS = 3
JOB_ANNOUNCE_AGAIN_AFTER = timedelta(seconds=_number("JOB_ANNOUNCE_AGAIN_SECONDS", 10))
JOB_POLL_AFTER_SECONDS = 1  # Retry-After of a job that is still running

# --- webhooks -------------------------------------------------------------------------------------------------------

WEBHOOK_ALLOW_HTTP = _flag("WEBHOOK_ALLOW_HTTP", default=False)  # for development: nothing protects what is sent
# Reached although they are not on the internet.
WEBHOOK_ALLOWED_NETWORKS = _networks(_text("WEBHOOK_ALLOWED_NETWORKS"))
WEBHOOK_TIMEOUT_SECONDS = _number("WEBHOOK_TIMEOUT_SECONDS", 15)  # one request as a whole
WEBHOOK_SECRET_OVERLAP = timedelta(hours=_number("WEBHOOK_SECRET_OVERLAP_HOURS", 24))
WEBHOOK_DISABLE_AFTER = timedelta(days=_number("WEBHOOK_DISABLE_AFTER_DAYS", 5))
WEBHOOK_KEPT = timedelta(days=_number("WEBHOOK_KEPT_DAYS", 30))  # settled deliveries

# --- invoices -------------------------------------------------------------------------------------------------------

# For the invoices that a customer writes without giving a number; counted for each customer.
INVOICE_NUMBER_FORMAT = _number_format(_text("INVOICE_NUMBER_FORMAT", "INV-{number:05d}"))

# --- the API --------------------------------------------------------------------------------------------------------

API_RATE_LIMIT = _rate("API_RATE_LIMIT", "6000/min")  # per key, all requests
API_WRITE_RATE_LIMIT = _rate("API_WRITE_RATE_LIMIT", "600/min")  # per key, requests that write
API_FAILURE_RATE_LIMIT = _rate("API_FAILURE_RATE_LIMIT", "120/min")  # per address, requests without a valid key
IDEMPOTENCY_KEPT = timedelta(days=31)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.authentication.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["customers.body_fields.BodyParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "config.api.listing.ListPagination",
    "DEFAULT_FILTER_BACKENDS": ["config.api.listing.SearchAndSort"],
    "DEFAULT_THROTTLE_CLASSES": ["config.api.throttling.KeyThrottle", "config.api.throttling.KeyWriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": API_RATE_LIMIT, "key_write": API_WRITE_RATE_LIMIT},
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.ContractSchema",
    "EXCEPTION_HANDLER": "config.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Paydraft",
    "DESCRIPTION": ABOUT,
    "VERSION": "2.0.0",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": "/", "description": "The installation that serves this description."}],
    "TAGS": TAGS,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,  # else a choice that may be null is described as one that may not
    "WEBHOOKS": [
        "customers.webhooks.description.job_finished",
        "customers.webhooks.description.job_failed",
        "customers.webhooks.description.transfer_finalized",
        "customers.webhooks.description.test",
    ],
    "POSTPROCESSING_HOOKS": POSTPROCESSING_HOOKS,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# --- security -------------------------------------------------------------------------------------------------------

BEHIND_TLS = _flag("BEHIND_TLS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
# Whether the domain's other hosts speak TLS, and whether browsers should be told so for good, its owner knows.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing inline and nothing from elsewhere: a script that a document smuggles into a page is not run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- the back office ------------------------------------------------------------------------------------------------

SECOND_FACTOR = _flag("SECOND_FACTOR", default=False)  # staff sign in with an authenticator app's code as well
OTP_TOTP_ISSUER = "Paydraft"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True  # an administrator removes a device, and never sees its secret
SESSION_COOKIE_AGE = _number("SESSION_MINUTES", 480) * 60  # since the last click
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A login name and the address it comes from are locked together, so that nobody can lock an operator out from afar.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = _number("LOGIN_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(minutes=_number("LOGIN_LOCK_MINUTES", 15))
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
AXES_CLIENT_IP_CALLABLE = "config.client_address.client_address"
LOGINS_KEPT = timedelta(days=_number("LOGINS_KEPT_DAYS", 180))

# --- log and figures ------------------------------------------------------------------------------------------------

LOG_LEVEL = _choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")).upper()
LOGGING = logging_settings(level=LOG_LEVEL, log_format=_choice("LOG_FORMAT", "line", ("line", "json")))
TRACES_ENDPOINT = _text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or _text("OTEL_EXPORTER_OTLP_ENDPOINT")  # none: no traces
METRICS_TOKEN = _text("METRICS_TOKEN")  # what /metrics wants to be shown; none: only this machine itself may see it
