"""The demonstration's API key and operator: made once, kept as secret files, used again while they are valid."""

import secrets
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model

from customers.keys import KeyRejected, find_key, issue_key
from customers.models import Customer
from customers.scopes import SCOPES
from customers.secret_files import read_secret, write_secret

ADMIN = "admin"


def demo_key(*, customer: Customer, path: Path, by: str, now: datetime) -> str:
    """The plain key in `path`; a new one written there when that one may not do everything for the customer."""
    plain = read_secret(path)
    if plain is not None and _opens_all(plain, customer, now):
        return plain
    _, plain = issue_key(name="demonstration", customers=[customer], scopes=SCOPES, expires_at=None, by=by, now=now)
    write_secret(path=path, secret=plain)
    return plain


def demo_admin(path: Path) -> str | None:
    """The password of the superuser `admin`, who is created with the one in `path`, or with a new one written there.

    None when there is an `admin` already with another password: somebody's, and not to be changed from here.
    """
    users = get_user_model().objects
    password = read_secret(path)
    admin = users.filter(username=ADMIN).first()
    if admin is not None:
        return password if password is not None and admin.check_password(password) else None
    if password is None:
        password = secrets.token_urlsafe(18)
        write_secret(path=path, secret=password)
    users.create_superuser(username=ADMIN, password=password)
    return password


def _opens_all(plain: str, customer: Customer, now: datetime) -> bool:
    try:
        key = find_key(plain=plain, now=now)
    except KeyRejected:
        return False
    return customer.id in key.customer_ids() and all(key.allows(scope) for scope in SCOPES)
