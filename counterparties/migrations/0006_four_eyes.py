"""The database itself holds that a changed bank account enters the ledger only through a second person.

Bank details are *established* when the counterparty has or had an account and is not in an onboarding that is still
open. Then a new account, another IBAN on an account, or the activation of an account passes only with a confirmed
change for that counterparty, IBAN and account, and uses it up (`entered_at`). What was there before this migration is
in no onboarding, and so established by its accounts.

On PostgreSQL new accounts are looked at once per statement, so that an import of a million rows stays fast.

SQLite loses a table's triggers whenever Django rebuilds the table to alter it: a migration that does so to one of these
tables must call `add` again. `tests/integration/test_four_eyes.py` fails when that was forgotten.
"""

from django.db import migrations

ACCOUNT = "counterparties_counterpartyaccount"
CHANGE = "counterparties_bankdetailschange"
COUNTERPARTY = "counterparties_counterparty"
ONBOARDING = "counterparties_onboarding"

UNCONFIRMED = (
    "The bank details of this counterparty are established: ask for a change of its bank details; the account is"
    " entered when a second person confirms it."
)
MOVED = "An account stays with its counterparty: deactivate it here and ask for a change of bank details there."
BEGINS = "A change of bank details begins as pending: ask for it, and let a second person confirm it."
KEPT = "What was asked for or decided about bank details is kept as it is: ask for a new change instead."
REOPENED = "An onboarding that was closed stays closed: ask for a change of bank details instead."
ESTABLISHED = (
    "The bank details of a counterparty stay established: load it anew and save again, and ask for a change of its"
    " bank details if there is one."
)

# What the decision on a change fills in; everything else was asked for and stays.
DECISION = ("decision", "decided_by", "decided_at", "reason", "verification", "account_id", "entered_at")
ASKED = (
    "id", "customer_id", "counterparty_id", "iban", "bic", "bank", "currency", "source", "source_id", "document_says",
    "asked_by", "asked_at",
)  # fmt: skip

POSTGRESQL = f"""
ALTER TABLE {CHANGE} ADD CONSTRAINT bank_change_of_same_customer FOREIGN KEY (counterparty_id, customer_id)
  REFERENCES {COUNTERPARTY} (id, customer_id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION paydraft_onboarding_is_open(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM {ONBOARDING}
                 WHERE id = wanted AND closed_at IS NULL AND opened_at > clock_timestamp() - interval '1 day')
$$;

CREATE FUNCTION paydraft_use_confirmation(account {ACCOUNT}) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {CHANGE} SET entered_at = clock_timestamp()
  WHERE counterparty_id = account.counterparty_id AND iban = account.iban AND account_id = account.id
    AND decision = 'confirmed' AND entered_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION '{UNCONFIRMED}' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_is_confirmed';
  END IF;
END $$;

CREATE FUNCTION paydraft_new_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE account {ACCOUNT};
BEGIN
  -- Two first accounts at the same time: the second one waits here, and then sees the other.
  PERFORM 1 FROM {COUNTERPARTY} c
  WHERE c.id IN (SELECT counterparty_id FROM added) AND NOT paydraft_onboarding_is_open(c.onboarding_id)
  ORDER BY c.id FOR NO KEY UPDATE;
  FOR account IN
    SELECT a.* FROM added a JOIN {COUNTERPARTY} c ON c.id = a.counterparty_id
    WHERE NOT paydraft_onboarding_is_open(c.onboarding_id)
      AND (c.bank_details_established_at IS NOT NULL
           OR EXISTS (SELECT 1 FROM {ACCOUNT} other WHERE other.counterparty_id = c.id AND other.id <> a.id))
  LOOP
    PERFORM paydraft_use_confirmation(account);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER account_new AFTER INSERT ON {ACCOUNT} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION paydraft_new_accounts();

CREATE FUNCTION paydraft_changed_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.counterparty_id <> OLD.counterparty_id THEN
    RAISE EXCEPTION '{MOVED}' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_stays';
  END IF;
  IF NOT paydraft_onboarding_is_open((SELECT onboarding_id FROM {COUNTERPARTY} WHERE id = NEW.counterparty_id)) THEN
    PERFORM paydraft_use_confirmation(NEW);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER account_changed AFTER UPDATE OF iban, counterparty_id, active ON {ACCOUNT} FOR EACH ROW
  WHEN (NEW.counterparty_id <> OLD.counterparty_id OR NEW.iban <> OLD.iban OR (NEW.active AND NOT OLD.active))
  EXECUTE FUNCTION paydraft_changed_account();

CREATE FUNCTION paydraft_deleted_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {COUNTERPARTY} SET bank_details_established_at = clock_timestamp()
  WHERE id = OLD.counterparty_id AND bank_details_established_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER account_deleted AFTER DELETE ON {ACCOUNT} FOR EACH ROW EXECUTE FUNCTION paydraft_deleted_account();

CREATE FUNCTION paydraft_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER counterparty_stays_established BEFORE UPDATE OF onboarding_id, bank_details_established_at
  ON {COUNTERPARTY} FOR EACH ROW
  WHEN ((NEW.onboarding_id IS NOT NULL AND NEW.onboarding_id IS DISTINCT FROM OLD.onboarding_id)
        OR (OLD.bank_details_established_at IS NOT NULL
            AND NEW.bank_details_established_at IS DISTINCT FROM OLD.bank_details_established_at))
  EXECUTE FUNCTION paydraft_refuse('{ESTABLISHED}');
CREATE TRIGGER onboarding_stays_closed BEFORE UPDATE ON {ONBOARDING} FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.opened_at > OLD.opened_at
        OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at))
  EXECUTE FUNCTION paydraft_refuse('{REOPENED}');
CREATE TRIGGER bank_change_begins_pending BEFORE INSERT ON {CHANGE} FOR EACH ROW
  WHEN (NEW.decision <> 'pending') EXECUTE FUNCTION paydraft_refuse('{BEGINS}');
CREATE TRIGGER bank_change_never_deleted BEFORE DELETE ON {CHANGE} FOR EACH ROW
  EXECUTE FUNCTION paydraft_refuse('{KEPT}');
CREATE TRIGGER bank_change_stays BEFORE UPDATE ON {CHANGE} FOR EACH ROW
  WHEN ({{edited}}) EXECUTE FUNCTION paydraft_refuse('{KEPT}');
"""

POSTGRESQL_REVERSED = f"""
DROP TRIGGER bank_change_stays ON {CHANGE};
DROP TRIGGER bank_change_never_deleted ON {CHANGE};
DROP TRIGGER bank_change_begins_pending ON {CHANGE};
DROP TRIGGER onboarding_stays_closed ON {ONBOARDING};
DROP TRIGGER counterparty_stays_established ON {COUNTERPARTY};
DROP TRIGGER account_deleted ON {ACCOUNT};
DROP TRIGGER account_changed ON {ACCOUNT};
DROP TRIGGER account_new ON {ACCOUNT};
DROP FUNCTION paydraft_refuse();
DROP FUNCTION paydraft_deleted_account();
DROP FUNCTION paydraft_changed_account();
DROP FUNCTION paydraft_new_accounts();
DROP FUNCTION paydraft_use_confirmation({ACCOUNT});
DROP FUNCTION paydraft_onboarding_is_open(uuid);
ALTER TABLE {CHANGE} DROP CONSTRAINT bank_change_of_same_customer;
"""

_OPEN = f"""EXISTS (SELECT 1 FROM {COUNTERPARTY} c JOIN {ONBOARDING} o ON o.id = c.onboarding_id
    WHERE c.id = NEW.counterparty_id AND o.closed_at IS NULL
      AND o.opened_at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 day'))"""
_CONFIRMED = f"""counterparty_id = NEW.counterparty_id AND iban = NEW.iban AND account_id = NEW.id
    AND decision = 'confirmed' AND entered_at IS NULL"""
_USE_CONFIRMATION = f"""
  SELECT RAISE(ABORT, '{UNCONFIRMED}') WHERE NOT EXISTS (SELECT 1 FROM {CHANGE} WHERE {_CONFIRMED});
  UPDATE {CHANGE} SET entered_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE {_CONFIRMED};
"""

# SQLite has no transition tables: row by row, and the first conditions that fail end the look.
SQLITE = {
    "account_new": f"""AFTER INSERT ON {ACCOUNT} FOR EACH ROW
WHEN NOT {_OPEN} AND (
    EXISTS (SELECT 1 FROM {ACCOUNT} other WHERE other.counterparty_id = NEW.counterparty_id AND other.id <> NEW.id)
    OR EXISTS (SELECT 1 FROM {COUNTERPARTY} WHERE id = NEW.counterparty_id AND bank_details_established_at IS NOT NULL))
BEGIN {_USE_CONFIRMATION} END""",
    "account_moved": f"""BEFORE UPDATE OF counterparty_id ON {ACCOUNT} FOR EACH ROW
WHEN NEW.counterparty_id <> OLD.counterparty_id BEGIN SELECT RAISE(ABORT, '{MOVED}'); END""",
    "account_changed": f"""AFTER UPDATE OF iban, active ON {ACCOUNT} FOR EACH ROW
WHEN (NEW.iban <> OLD.iban OR (NEW.active AND NOT OLD.active)) AND NOT {_OPEN}
BEGIN {_USE_CONFIRMATION} END""",
    "account_deleted": f"""AFTER DELETE ON {ACCOUNT} FOR EACH ROW BEGIN
  UPDATE {COUNTERPARTY} SET bank_details_established_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
  WHERE id = OLD.counterparty_id AND bank_details_established_at IS NULL; END""",
    "counterparty_stays_established": f"""BEFORE UPDATE OF onboarding_id, bank_details_established_at
ON {COUNTERPARTY} FOR EACH ROW
WHEN (NEW.onboarding_id IS NOT NULL AND NEW.onboarding_id IS NOT OLD.onboarding_id)
  OR (OLD.bank_details_established_at IS NOT NULL
      AND NEW.bank_details_established_at IS NOT OLD.bank_details_established_at)
BEGIN SELECT RAISE(ABORT, '{ESTABLISHED}'); END""",
    "onboarding_stays_closed": f"""BEFORE UPDATE ON {ONBOARDING} FOR EACH ROW
WHEN NEW.id <> OLD.id OR NEW.opened_at > OLD.opened_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN SELECT RAISE(ABORT, '{REOPENED}'); END""",
    "bank_change_begins_pending": f"""BEFORE INSERT ON {CHANGE} FOR EACH ROW
WHEN NEW.decision <> 'pending' BEGIN SELECT RAISE(ABORT, '{BEGINS}'); END""",
    "bank_change_of_same_customer": f"""BEFORE INSERT ON {CHANGE} FOR EACH ROW
WHEN NEW.customer_id <> (SELECT customer_id FROM {COUNTERPARTY} WHERE id = NEW.counterparty_id)
BEGIN SELECT RAISE(ABORT, 'A change of bank details carries the customer of its counterparty: give that one.'); END""",
    "bank_change_never_deleted": f"""BEFORE DELETE ON {CHANGE} FOR EACH ROW
BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "bank_change_stays": f"""BEFORE UPDATE ON {CHANGE} FOR EACH ROW
WHEN {{edited}} BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
}


def edited(differs):
    """What must not change: what was asked, ever; the decision, once made; when it was entered, once it was."""

    def any_of(columns):
        return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)

    return (
        f"{any_of(ASKED)} OR (OLD.decision <> 'pending' AND ({any_of(DECISION[:-1])}))"
        f" OR (OLD.entered_at IS NOT NULL AND NEW.entered_at {differs} OLD.entered_at)"
    )


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.replace("{edited}", edited("IS DISTINCT FROM")), params=None)
        return
    for name, body in SQLITE.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute(f"CREATE TRIGGER {name} {body.replace('{edited}', edited('IS NOT'))}", params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_REVERSED, params=None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0005_bank_details_changes")]

    operations = [migrations.RunPython(add, remove)]
