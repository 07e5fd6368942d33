"""No webhook goes to an address inside: neither written out, nor behind a name, nor on the second answer."""

from ipaddress import ip_address, ip_network

import pytest

from customers.webhooks.addresses import (
    AddressRefused,
    HostUnknown,
    LookUp,
    ask_name_servers,
    check_literal,
    is_public,
    resolved,
    target_of,
)

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # metadata of cloud machines
    "168.63.129.16",
    "100.64.0.1",  # carrier-grade NAT
    "100.127.255.255",
    "0.0.0.0",  # noqa: S104 — an address that must be refused
    "0.1.2.3",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",  # an IPv6 way of writing IPv4: nobody's receiver needs it
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = ["8.8.8.8", "93.184.215.14", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111"]


def look_up(*answers: str) -> LookUp:
    def answer(host: str, port: int) -> tuple[str, ...]:
        return answers

    return answer


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_written_out_and_behind_a_name(address: str) -> None:
    literal = f"[{address}]" if ":" in address else address

    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused, match="WEBHOOK_ALLOWED_NETWORKS"):
        check_literal(target_of(f"https://{literal}/hook", allow_http=False), allowed=())
    with pytest.raises(AddressRefused):
        resolved(target_of("https://a.example/", allow_http=False), allowed=(), look_up=look_up(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_on_the_internet_is_given_back(address: str) -> None:
    target = target_of("https://a.example/", allow_http=False)

    assert resolved(target, allowed=(), look_up=look_up(address)) == (ip_address(address),)


@pytest.mark.parametrize("answers", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("2606:4700::1111", "::1")])
def test_one_address_inside_refuses_the_whole_name(answers: tuple[str, ...]) -> None:
    with pytest.raises(AddressRefused):
        resolved(target_of("https://a.example/", allow_http=False), allowed=(), look_up=look_up(*answers))


def test_a_scope_does_not_hide_a_link_local_address() -> None:
    with pytest.raises(AddressRefused):
        resolved(target_of("https://a.example/", allow_http=False), allowed=(), look_up=look_up("fe80::1%eth0"))


def test_a_name_without_an_address_is_unknown_for_now() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    for asked in (fail, look_up()):
        with pytest.raises(HostUnknown, match=r"a\.example"):
            resolved(target_of("https://a.example/", allow_http=False), allowed=(), look_up=asked)


def test_a_network_that_the_operator_allows_is_reached_and_no_other() -> None:
    target, allowed = target_of("https://a.example/", allow_http=False), (ip_network("10.1.0.0/16"),)

    assert resolved(target, allowed=allowed, look_up=look_up("10.1.2.3")) == (ip_address("10.1.2.3"),)
    with pytest.raises(AddressRefused):
        resolved(target, allowed=allowed, look_up=look_up("10.2.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "a.example/hook",
        "//a.example/",
        "https://",
        "https:///hook",
        "https://user@a.example/",
        "https://user:word@a.example/",
        "https://a.example/#part",
        "https://a.example/#",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:port/",
        "https://a.example /",
        "https://a.example/\r\nX-Injected: 1",
        "https://a.example\\@b.example/",
        "https://[::1/",
        "https://müller.example/",
        "https://a.example/" + "x" * 500,
        "",
        "javascript:alert(1)",
    ],
)
def test_a_url_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url, allow_http=False)


def test_http_is_for_development() -> None:
    assert target_of("http://a.example/", allow_http=True).port == 80
    with pytest.raises(AddressRefused):
        target_of("http://a.example/", allow_http=False)


@pytest.mark.parametrize(
    ("url", "authority", "host", "port", "path"),
    [
        ("https://A.example", "a.example", "a.example", 443, "/"),
        ("HTTPS://a.example:8443/x?y=1&z", "a.example:8443", "a.example", 8443, "/x?y=1&z"),
        ("https://[2606:4700::1111]:444/h", "[2606:4700::1111]:444", "2606:4700::1111", 444, "/h"),
        ("https://a.example/a%20b", "a.example", "a.example", 443, "/a%20b"),
    ],
)
def test_the_parts_of_a_url(url: str, authority: str, host: str, port: int, path: str) -> None:
    target = target_of(url, allow_http=False)

    assert (target.authority, target.host, target.port, target.path) == (authority, host, port, path)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_strange_spellings_of_this_machine_are_caught_by_what_they_resolve_to(host: str) -> None:
    target = target_of(f"https://{host}/", allow_http=False)
    with pytest.raises((AddressRefused, HostUnknown)):
        resolved(target, allowed=(), look_up=ask_name_servers)
