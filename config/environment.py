"""What the environment says, checked: a value that cannot be meant stops the start with a sentence naming it."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from invoices.document_keys import keys_from

RATE_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}
STORAGE_QUERY = {"region", "tls", "timeout"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to a whole number.")
    return int(value)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to one of: {', '.join(choices)}.")
    return value


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        name = "WEBHOOK_ALLOWED_NETWORKS"
        raise ImproperlyConfigured(f"{name}: {error}; list networks such as 10.1.0.0/16,fd00::/8.") from error


def number_format(value: str) -> str:
    """A format with {number}, as Python writes it, and if wanted {year}: each number must give another text."""
    name = "INVOICE_NUMBER_FORMAT"
    try:
        texts = {value.format(number=number, year=2026) for number in (1, 2, 1_000_000)}
    except (ValueError, LookupError, AttributeError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; use {{number}} or {{number:05d}}, and {{year}}.") from error
    if len(texts) < 3 or max(map(len, texts)) > 52:
        raise ImproperlyConfigured(f"{name} is {value!r}; it has to hold {{number}}, and be 52 characters at most.")
    return value


def rate(name: str, default: str) -> str | None:
    """Requests in a second, minute, hour or day, such as 6000/min; None, for no limit, from `none`."""
    value = text(name, default).lower()
    if value == "none":
        return None
    requests, _, unit = (part.strip() for part in value.partition("/"))
    if not requests.isdecimal() or int(requests) == 0 or unit not in RATE_SECONDS:
        units = ", ".join(RATE_SECONDS)
        raise ImproperlyConfigured(f"{name} is {value!r}; write it as 6000/min (one of {units}), or none.")
    return f"{int(requests)}/{unit}"


def storage(url: str, *, folder: Path) -> dict[str, Any]:
    """A local folder, or s3://key:secret@host:port/bucket?region=…&tls=0&timeout=10, behind what encrypts documents."""
    if not url:
        backend = "invoices.storages.FolderStorage"
        options: dict[str, Any] = {"location": folder, "file_permissions_mode": 0o600}
    else:
        backend, options = "invoices.object_storage.ObjectStorage", _object_storage(url)
    return {"BACKEND": "invoices.encrypted_storage.EncryptedStorage", "OPTIONS": {"backend": backend, **options}}


def _object_storage(url: str) -> dict[str, Any]:
    """The options of the storage behind STORAGE_URL."""
    parts, port = _storage_address(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := sorted(query.keys() - STORAGE_QUERY):
        raise ImproperlyConfigured(
            f"STORAGE_URL has {', '.join(unknown)} after the question mark; only region, tls and timeout may."
        )
    timeout, tls = query.get("timeout", "10"), query.get("tls", "1")
    if not timeout.isdecimal() or int(timeout) == 0 or tls not in {"0", "1"}:
        raise ImproperlyConfigured("STORAGE_URL: write timeout= as seconds, such as 10, and tls= as 1 or 0.")
    options: dict[str, Any] = {
        "bucket_name": parts.path.strip("/"),
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "region_name": query.get("region"),
        "timeout": int(timeout),
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
    }
    if parts.hostname:
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        options["endpoint_url"] = f"{'http' if tls == '0' else 'https'}://{host}{f':{port}' if port else ''}"
    return options


def document_keys(value: str, *, file: str) -> tuple[str, ...]:
    """The keys of DOCUMENT_KEYS, or of the file that DOCUMENT_KEYS_FILE names: separated by commas or line breaks."""
    if value and file:
        raise ImproperlyConfigured(
            "Set DOCUMENT_KEYS or DOCUMENT_KEYS_FILE, not both: which key encrypts is not clear."
        )
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(
                f"DOCUMENT_KEYS_FILE: {file} cannot be read ({type(error).__name__}); let the service read it."
            ) from error
    keys = tuple(value.replace(",", " ").split())
    if file and not keys:
        raise ImproperlyConfigured(
            f"DOCUMENT_KEYS_FILE: there is no key in {file}; leave the variable out, or add one."
        )
    try:
        keys_from(keys)
    except ValueError as error:
        raise ImproperlyConfigured(f"DOCUMENT_KEYS: {error}") from None
    return keys


def _storage_address(url: str) -> tuple[SplitResult, int | None]:
    """The parts of STORAGE_URL, and its port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            "STORAGE_URL cannot be read: percent-encode what is special in key and secret (/ as %2F, # as %23), "
            "and look at the port."
        ) from None  # the error would repeat a part of the secret
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket or "/" in bucket or parts.fragment:
        raise ImproperlyConfigured(
            "STORAGE_URL must read s3://key:secret@host:port/bucket, with one bucket and no folder, and with "
            "what is special in key and secret percent-encoded; see .env.example."
        )
    return parts, port
