"""Who gets into the back office: throttled logins, the second factor, and what its pages allow a browser to do."""

import os
import re
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from tests.services import ROOT

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
PASSWORD = "a sentence of several words"


@pytest.fixture
def anna() -> User:
    user: User = get_user_model().objects.create_superuser("anna", "anna@example.com", PASSWORD)
    return user


def sign_in(
    client: Client, *, password: str = PASSWORD, token: str = "", address: str = "192.0.2.1", **more: Any
) -> int:
    """The status of the answer: 302 once one is in."""
    body = {"username": "anna", "password": password, "otp_token": token}
    return client.post(LOGIN, body, **{"REMOTE_ADDR": address, **more}).status_code


def code_of(device: TOTPDevice, *, later: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + later)
    return f"{totp.token():06d}"


class TestThrottling:
    def test_five_wrong_passwords_lock_the_login_even_to_the_right_one(self, client: Client, anna: User) -> None:
        assert [sign_in(client, password="wrong") for _ in range(5)] == [200, 200, 200, 200, 429]
        answer = client.post(LOGIN, {"username": "anna", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
        assert answer.status_code == 429
        assert "locked here for 0:15:00" in answer.text
        assert "axes_reset_username anna" in answer.text
        assert "_auth_user_id" not in client.session

    def test_the_operator_still_gets_in_from_her_own_address(self, client: Client, anna: User) -> None:
        for _ in range(6):
            sign_in(client, password="wrong", address="203.0.113.9")
        assert sign_in(client, address="192.0.2.1") == 302

    def test_a_login_that_succeeds_starts_the_count_anew(self, client: Client, anna: User) -> None:
        for _ in range(4):
            sign_in(client, password="wrong")
        assert sign_in(client) == 302
        client.logout()
        assert sign_in(client, password="wrong") == 200

    def test_behind_a_proxy_the_address_it_wrote_counts_not_the_one_the_client_wrote(
        self, client: Client, anna: User, settings: Settings
    ) -> None:
        settings.BEHIND_TLS = True
        statuses = [
            sign_in(client, password="wrong", address="10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.9")
            for n in range(5)
        ]
        assert statuses[-1] == 429
        assert sign_in(client, address="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.10") == 302

    def test_without_a_proxy_the_header_says_nothing(self, client: Client, anna: User) -> None:
        statuses = [sign_in(client, password="wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(5)]
        assert statuses[-1] == 429


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def asked_for(self, settings: Settings) -> None:
        settings.SECOND_FACTOR = True

    @pytest.fixture
    def device(self, anna: User) -> TOTPDevice:
        call_command("add_second_factor", "anna", stdout=StringIO())
        return TOTPDevice.objects.get(user=anna)

    def test_password_and_code_let_in(self, client: Client, device: TOTPDevice) -> None:
        assert sign_in(client, token=code_of(device)) == 302
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize(("token", "sentence"), [("", "Type the code"), ("000000", "not the right one")])
    def test_without_the_right_code_the_password_is_not_enough(
        self, client: Client, device: TOTPDevice, token: str, sentence: str
    ) -> None:
        answer = client.post(LOGIN, {"username": "anna", "password": PASSWORD, "otp_token": token})
        assert answer.status_code == 200
        assert sentence in answer.text
        assert PASSWORD not in answer.text
        assert client.get("/admin/").status_code == 302

    def test_a_code_counts_once(self, client: Client, device: TOTPDevice) -> None:
        code = code_of(device)
        assert sign_in(client, token=code) == 302
        client.logout()
        assert sign_in(client, token=code) == 200

    def test_a_login_without_an_app_is_told_whom_to_ask(self, client: Client, anna: User) -> None:
        answer = client.post(LOGIN, {"username": "anna", "password": PASSWORD, "otp_token": "123456"})
        assert "manage.py add_second_factor anna" in answer.text
        assert client.get("/admin/").status_code == 302

    def test_another_persons_code_does_not_help(self, client: Client, anna: User, device: TOTPDevice) -> None:
        other = get_user_model().objects.create_superuser("boris", "boris@example.com", PASSWORD)
        call_command("add_second_factor", "boris", stdout=StringIO())
        theirs = TOTPDevice.objects.get(user=other)
        body = {"username": "anna", "password": PASSWORD, "otp_token": code_of(theirs)}
        assert client.post(LOGIN, {**body, "otp_device": theirs.persistent_id}).status_code == 200

    def test_a_session_from_before_the_setting_is_asked_again(
        self, client: Client, device: TOTPDevice, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR = False
        assert sign_in(client) == 302
        settings.SECOND_FACTOR = True
        assert client.get("/admin/").status_code == 302


class TestAddingASecondFactor:
    def test_it_shows_the_code_to_scan(self, anna: User) -> None:
        out = StringIO()
        call_command("add_second_factor", "anna", stdout=out)
        assert re.search(r"^otpauth://totp/Paydraft\S+anna\?secret=[A-Z2-7]{32}", out.getvalue(), re.MULTILINE)
        assert "\x1b[" in out.getvalue() or "█" in out.getvalue()

    def test_a_second_device_needs_replace_and_ends_the_first(self, anna: User) -> None:
        call_command("add_second_factor", "anna", stdout=StringIO())
        first = TOTPDevice.objects.get(user=anna)
        with pytest.raises(CommandError, match="--replace"):
            call_command("add_second_factor", "anna", stdout=StringIO())
        call_command("add_second_factor", "anna", "--replace", stdout=StringIO())
        assert TOTPDevice.objects.get(user=anna).key != first.key

    def test_an_unknown_login_is_named(self) -> None:
        with pytest.raises(CommandError, match="no login named 'nobody'"):
            call_command("add_second_factor", "nobody", stdout=StringIO())


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son[a-z]+=|\sstyle=|<style", re.IGNORECASE)


def test_no_page_of_the_back_office_needs_what_its_policy_forbids(client: Client, anna: User) -> None:
    client.force_login(anna)
    start = client.get("/admin/")
    policy = start.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    lists = sorted(set(re.findall(r'href="(/admin/[a-z_]+/[a-z]+/)"', start.text)))
    adding = sorted(set(re.findall(r'href="(/admin/[a-z_]+/[a-z]+/add/)"', start.text)))
    assert len(lists) > 15
    assert "View site" not in start.text
    for page in ["/admin/", *lists, *adding]:
        assert (page, INLINE.findall(client.get(page).text)) == (page, [])


def test_a_deployment_behind_tls_passes_every_check() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "BEHIND_TLS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
