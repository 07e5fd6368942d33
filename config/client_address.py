"""From where a request comes: whom failed logins and requests without a valid API key are counted for."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address; empty where the web server knows none, as behind a socket file.

    Behind a proxy it is the last one in X-Forwarded-For, which the proxy itself has written; what stands before it is
    the client's word, and would let an attacker be a new one each time.
    """
    if settings.BEHIND_TLS and (forwarded := request.headers.get("X-Forwarded-For", "")):
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str | None:
    """The client's address, of IPv6 the network of 64 bits, all of which one client has to itself (RFC 6177); None
    where it is no address, by which nobody can be told."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
