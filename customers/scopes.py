"""What an API key may do: `family:read`, `family:write`, or `family:*` for both."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

# What a key gets when nothing narrower is asked for.
SCOPES = ("ocr:write", "ocr:read", "invoices:*", "counterparties:*", "transfers:*", "uploads:*", "webhooks:*")

# What an endpoint asks for that every key may call: no key carries it, and none lacks it.
ANY_SCOPE = "any"

FAMILIES = tuple(dict.fromkeys(scope.split(":")[0] for scope in SCOPES))
KNOWN_SCOPES = frozenset(f"{family}:{action}" for family in FAMILIES for action in ("read", "write", "*"))


def check_scopes(value: object) -> None:
    """Raises ValidationError unless `value` is a non-empty JSON list of known scopes."""
    if not isinstance(value, list) or not value:
        raise ValidationError(f"Give at least one scope, as a JSON list. Known are {', '.join(sorted(KNOWN_SCOPES))}.")
    unknown = [str(scope) for scope in value if scope not in KNOWN_SCOPES]
    if unknown:
        raise ValidationError(
            f"Unknown scope {', '.join(unknown)}. Known are {', '.join(sorted(KNOWN_SCOPES))}.", code="unknown_scope"
        )


def grants(*, scopes: Iterable[str], scope: str) -> bool:
    """Whether `scopes` holds `scope` itself or the wildcard of its family."""
    family = scope.split(":")[0]
    return any(held in (scope, f"{family}:*") for held in scopes)
