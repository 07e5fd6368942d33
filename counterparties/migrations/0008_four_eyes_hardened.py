"""Two people also where rows are replaced, and new accounts looked at through indexes only.

A row that is deleted and written again under its id in one statement (SQLite's `INSERT OR REPLACE`) or in one
transaction must not come out as a new counterparty, a fresh onboarding, or another trail. On PostgreSQL the look at new
accounts read all counterparties once per statement, which an import of a million rows cannot afford.

As with `0006_four_eyes`: a migration that makes Django rebuild one of these tables on SQLite must call `add` again.
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
KEPT = "What was asked for or decided about bank details is kept as it is: ask for a new change instead."
REPLACED = "A counterparty comes before its accounts and is not replaced: change the one that is there."
ONBOARDED = "An onboarding that counterparties came with is kept: ask for a change of bank details instead."

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION paydraft_new_accounts() RETURNS trigger LANGUAGE plpgsql
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  account {ACCOUNT};
  settled uuid[];
BEGIN
  SELECT array_agg(c.id) INTO settled
  FROM (SELECT DISTINCT counterparty_id FROM added) a JOIN {COUNTERPARTY} c ON c.id = a.counterparty_id
  WHERE NOT EXISTS (SELECT 1 FROM {ONBOARDING} o WHERE o.id = c.onboarding_id AND o.closed_at IS NULL
                    AND o.opened_at > clock_timestamp() - interval '1 day');
  IF settled IS NULL THEN
    RETURN NULL;
  END IF;
  -- Two first accounts at the same time: the second one waits here, and then sees the other.
  PERFORM 1 FROM {COUNTERPARTY} WHERE id = ANY (settled) ORDER BY id FOR NO KEY UPDATE;
  FOR account IN
    SELECT a.* FROM added a JOIN {COUNTERPARTY} c ON c.id = a.counterparty_id
    WHERE c.id = ANY (settled)
      AND (c.bank_details_established_at IS NOT NULL
           OR EXISTS (SELECT 1 FROM {ACCOUNT} other WHERE other.counterparty_id = c.id AND other.id <> a.id))
  LOOP
    PERFORM paydraft_use_confirmation(account);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION paydraft_new_counterparties() RETURNS trigger LANGUAGE plpgsql
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added JOIN {ACCOUNT} a ON a.counterparty_id = added.id) THEN
    RAISE EXCEPTION '{REPLACED}' USING ERRCODE = 'check_violation', CONSTRAINT = 'counterparty_not_replaced';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER counterparty_not_replaced AFTER INSERT ON {COUNTERPARTY} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION paydraft_new_counterparties();
CREATE TRIGGER onboarding_not_replaced BEFORE DELETE ON {ONBOARDING} FOR EACH ROW
  EXECUTE FUNCTION paydraft_refuse('{ONBOARDED}');
"""

POSTGRESQL_REVERSED = f"""
DROP TRIGGER onboarding_not_replaced ON {ONBOARDING};
DROP TRIGGER counterparty_not_replaced ON {COUNTERPARTY};
DROP FUNCTION paydraft_new_counterparties();
"""

_CONFIRMED = f"""counterparty_id = NEW.counterparty_id AND iban = NEW.iban AND account_id = NEW.id
    AND decision = 'confirmed' AND entered_at IS NULL"""

# Before the row is written: `INSERT OR REPLACE` deletes what is in its way afterwards, and without a trigger.
SQLITE = {
    "account_new": f"""BEFORE INSERT ON {ACCOUNT} FOR EACH ROW
WHEN NOT EXISTS (SELECT 1 FROM {COUNTERPARTY} c JOIN {ONBOARDING} o ON o.id = c.onboarding_id
    WHERE c.id = NEW.counterparty_id AND o.closed_at IS NULL
      AND o.opened_at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 day'))
  AND (EXISTS (SELECT 1 FROM {ACCOUNT} WHERE counterparty_id = NEW.counterparty_id OR id = NEW.id)
    OR EXISTS (SELECT 1 FROM {COUNTERPARTY} WHERE id = NEW.counterparty_id AND bank_details_established_at IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, '{UNCONFIRMED}') WHERE NOT EXISTS (SELECT 1 FROM {CHANGE} WHERE {_CONFIRMED});
  UPDATE {CHANGE} SET entered_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE {_CONFIRMED};
END""",
    "counterparty_not_replaced": f"""BEFORE INSERT ON {COUNTERPARTY} FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM {COUNTERPARTY} WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM {ACCOUNT} WHERE counterparty_id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{REPLACED}'); END""",
    "onboarding_not_replaced": f"""BEFORE INSERT ON {ONBOARDING} FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM {ONBOARDING} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{ONBOARDED}'); END""",
    "bank_change_not_replaced": f"""BEFORE INSERT ON {CHANGE} FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM {CHANGE} WHERE id = NEW.id
    OR (counterparty_id = NEW.counterparty_id AND iban = NEW.iban AND decision = 'pending'))
BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for name, body in SQLITE.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)


def remove(apps, schema_editor):
    """`account_new` stays in its hardened form: it holds all that it held before."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_REVERSED, params=None)
        return
    for name in SQLITE.keys() - {"account_new"}:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0007_phone_keys")]

    operations = [migrations.RunPython(add, remove)]
