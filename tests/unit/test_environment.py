"""Variables of the environment: read as they are meant, and refused with what to set instead."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import choice, document_keys, flag, networks, number
from invoices.document_keys import new_key


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("TRUE", True), (" on ", True), ("0", False), ("No", False), ("", True)]
)
def test_a_flag_may_be_said_in_several_words(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert flag("A_FLAG", default=True) is meant


def test_what_is_not_set_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTHING", raising=False)
    assert (flag("NOTHING", default=False), number("NOTHING", 7), choice("NOTHING", "a", ("a", "b"))) == (False, 7, "a")


def test_a_number_and_a_choice_are_taken_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_VALUE", "12")
    assert number("A_VALUE", 7) == 12
    monkeypatch.setenv("A_VALUE", "B")
    assert choice("A_VALUE", "a", ("a", "b")) == "b"


def test_what_cannot_be_meant_is_refused_with_what_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_VALUE", "maybe")

    with pytest.raises(ImproperlyConfigured, match=r"^A_VALUE is 'maybe'; set it to 1 or 0\.$"):
        flag("A_VALUE", default=True)
    with pytest.raises(ImproperlyConfigured, match=r"^A_VALUE is 'maybe'; set it to a whole number\.$"):
        number("A_VALUE", 7)
    with pytest.raises(ImproperlyConfigured, match=r"^A_VALUE is 'maybe'; set it to one of: a, b\.$"):
        choice("A_VALUE", "a", ("a", "b"))


def test_networks_are_listed_with_commas() -> None:
    assert [str(each) for each in networks("10.1.0.0/16, fd00::/8,")] == ["10.1.0.0/16", "fd00::/8"]
    with pytest.raises(
        ImproperlyConfigured, match=r"WEBHOOK_ALLOWED_NETWORKS: .*; list networks such as 10\.1\.0\.0/16"
    ):
        networks("10.1.0.0/99")


def test_the_keys_of_documents_come_from_the_variable_or_from_a_file(tmp_path: Path) -> None:
    one, other = new_key(), new_key()
    file = tmp_path / "keys"
    file.write_text(f"{one}\n{other}\n", encoding="utf-8")

    assert document_keys(f"{one},{other}", file="") == document_keys("", file=str(file)) == (one, other)
    assert document_keys("", file="") == ()


def test_keys_that_cannot_be_had_are_told_with_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", encoding="utf-8")

    for value, file, told in (
        (new_key(), str(empty), "not both"),
        ("", str(tmp_path / "none"), r"cannot be read \(FileNotFoundError\); let the service read it"),
        ("", str(empty), "there is no key in .*; leave the variable out, or add one"),
        ("no key", "", "^DOCUMENT_KEYS: "),
    ):
        with pytest.raises(ImproperlyConfigured, match=told):
            document_keys(value, file=file)
