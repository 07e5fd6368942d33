"""Where a webhook may be sent: public addresses over https, so that no customer makes this service call its own
network (server-side request forgery).

The host's addresses are looked up once, every one of them is checked, and the connection goes to a checked address: a
name that answers differently the next time (DNS rebinding) gains nothing.
"""

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from customers.sentences import Sentence

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LookUp = Callable[[str, int], Sequence[str]]

MAX_URL_LENGTH = 500
_PRINTED = re.compile(r"[!-~]+")
_UNSAFE = re.compile(r"[\\\"<>^`{|}]")
# Global unicast is all that the internet routes (RFC 4291); what of it is set apart or carries an IPv4 address in it
# that a gateway would unwrap is listed here, since the `ipaddress` of some Pythons calls it global.
_ROUTED = ip_network("2000::/3")
_SET_APART = (
    ip_network("2001::/23"),  # IETF protocol assignments, with Teredo (RFC 2928, RFC 4380)
    ip_network("2001:db8::/32"),  # documentation (RFC 3849)
    ip_network("2002::/16"),  # 6to4 (RFC 3056)
    ip_network("3fff::/20"),  # documentation (RFC 9637)
    ip_network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
    ip_network("168.63.129.16/32"),  # the host of a machine in Azure, beside 169.254.169.254 elsewhere
)


class AddressRefused(Exception):
    """The webhook may not be sent there; the message says why."""


class HostUnknown(Exception):
    """The host's name has no address now; it may have one later."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL in parts; `authority` is what the Host header says, `path` starts with / and holds the query."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str


def target_of(url: str, *, allow_http: bool) -> Target:
    """The parts of a URL that a webhook may be sent to as far as the text alone tells. Raises `AddressRefused`."""
    if len(url) > MAX_URL_LENGTH or not _PRINTED.fullmatch(url) or _UNSAFE.search(url):
        raise AddressRefused(
            Sentence(
                "Give a URL of at most {most} characters, without spaces and with other letters encoded.",
                most=MAX_URL_LENGTH,
            )
        )
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise AddressRefused(Sentence("This is no URL; one reads https://example.com/hooks.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_http):
        raise AddressRefused(Sentence("Give a URL that starts with https://."))
    if not parts.host or parts.auth or parts.fragment is not None or parts.port == 0:
        raise AddressRefused(Sentence("Give a URL with a host, and without user name, password and #fragment."))
    host = parts.host.strip("[]")
    return Target(
        scheme=parts.scheme,
        host=host,
        port=parts.port or (443 if parts.scheme == "https" else 80),
        authority=parts.netloc or parts.host,
        path=parts.request_uri,
    )


def check_literal(target: Target, *, allowed: Iterable[Network]) -> None:
    """Raises `AddressRefused` for an address in place of a name that may not be called. Asks no name server."""
    try:
        address = ip_address(target.host)
    except ValueError:
        return
    _check((address,), allowed=tuple(allowed))


def resolved(target: Target, *, allowed: Iterable[Network], look_up: LookUp) -> tuple[Address, ...]:
    """The addresses to connect to, in the order to try. Raises `HostUnknown`, and `AddressRefused` if a single one is
    not public: a name with a public and a private address is either broken or an attack."""
    try:
        addresses = tuple(
            dict.fromkeys(ip_address(text.partition("%")[0]) for text in look_up(target.host, target.port))
        )
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"The name {target.host} has no address; check it, and the name servers.") from error
    if not addresses:
        raise HostUnknown(f"The name {target.host} has no address; check it, and the name servers.")
    _check(addresses, allowed=tuple(allowed))
    return addresses


def is_public(address: Address) -> bool:
    """Whether the internet routes to it, as one host: nothing private, shared (RFC 6598), local, reserved, multicast,
    and no IPv6 address that stands for an IPv4 one."""
    if any(address in network for network in _SET_APART):
        return False
    if isinstance(address, IPv6Address):
        return address in _ROUTED and address.is_global
    return address.is_global and not address.is_multicast and not address.is_reserved


def ask_name_servers(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver gives. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _check(addresses: tuple[Address, ...], *, allowed: tuple[Network, ...]) -> None:
    for address in addresses:
        if not is_public(address) and not any(address in network for network in allowed):
            raise AddressRefused(
                Sentence(
                    "{address} is no address on the internet. If the webhook belongs there, the operator of "
                    "this service can allow its network in WEBHOOK_ALLOWED_NETWORKS.",
                    address=address,
                )
            )
