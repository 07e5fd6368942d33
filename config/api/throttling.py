"""Rate limits per API key."""

import logging
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from customers.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, as the settings ask

log = logging.getLogger(__name__)


class KeyThrottle(SimpleRateThrottle):
    """All requests of a key. Open while the cache is down: a limit is worth less than the service itself."""

    scope = "key"
    cache = cache

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        key = request.auth
        return f"throttle-{self.scope}-{key.pk}" if isinstance(key, ApiKey) else None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("rate limits are off while the cache cannot be reached: %s", type(error).__name__)
            return True


class KeyWriteThrottle(KeyThrottle):
    """Requests that write."""

    scope = "key_write"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        return None if request.method in SAFE_METHODS else super().get_cache_key(request, view)
