"""Bearer keys: who calls, for which customers, with which scopes."""

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.api.callers import SCHEME, caller_of
from config.api.failures import note_failure
from customers.keys import KeyRejected
from customers.models import ApiKey
from customers.scopes import ANY_SCOPE
from customers.translations import say, translated

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, as the settings ask


class ApiCaller:
    """What DRF calls the user: the key itself. Django's users belong to the admin and never reach the API."""

    is_authenticated = True

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.pk = key.pk

    def __str__(self) -> str:
        return f"key:{self.key.prefix}"


class ApiKeyAuthentication(BaseAuthentication):
    """Takes over whom the middleware found, since behind the wall nobody can look up keys."""

    def authenticate(self, request: Request) -> tuple[ApiCaller, ApiKey] | None:
        caller = caller_of(request._request)
        if isinstance(caller.refusal, KeyRejected):
            raise AuthenticationFailed(translated(str(caller.refusal))) from caller.refusal
        if caller.refusal is not None:
            raise caller.refusal
        if caller.key is None:
            note_failure(request._request, plain="")
            return None
        return ApiCaller(caller.key), caller.key

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
            raise PermissionDenied(say("The API key needs the scope {scope}.", scope=scope))
        return True
