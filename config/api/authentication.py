"""Bearer keys: who calls, for which customers, with which scopes."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from customers.keys import KeyRejected, find_key
from customers.models import ApiKey
from customers.scopes import ANY_SCOPE

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, as the settings ask

SCHEME = "Bearer"


class ApiCaller:
    """What DRF calls the user: the key itself. Django's users belong to the admin and never reach the API."""

    is_authenticated = True

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.pk = key.pk

    def __str__(self) -> str:
        return f"key:{self.key.prefix}"


def key_of_header(header: str) -> ApiKey | None:
    """The key that an Authorization header names, None without a header; raises `KeyRejected` for any other value."""
    if not header:
        return None
    scheme, _, plain = header.partition(" ")
    if scheme.lower() != SCHEME.lower() or not plain.strip():
        raise KeyRejected("The Authorization header must read 'Bearer <api key>'.")
    return find_key(plain=plain.strip(), now=timezone.now())


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[ApiCaller, ApiKey] | None:
        try:
            key = key_of_header(request.META.get("HTTP_AUTHORIZATION", ""))
        except KeyRejected as rejected:
            raise AuthenticationFailed(str(rejected)) from rejected
        return None if key is None else (ApiCaller(key), key)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class HasScope(BasePermission):
    """The key carries the scope that the view names for this method in `required_scopes`; none named, none given."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return False
        method = {"HEAD": "GET"}.get(request.method or "", request.method or "")
        scopes: dict[str, str] = getattr(view, "required_scopes", {})
        scope = scopes.get(method)
        if scope is None:
            # A method without a scope is answered 405 by the view itself; nothing of it runs.
            return method == "OPTIONS" or method not in view.allowed_methods
        if scope != ANY_SCOPE and not key.allows(scope):
            raise PermissionDenied(f"The API key needs the scope {scope}.")
        return True
