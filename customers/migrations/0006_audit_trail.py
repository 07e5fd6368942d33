"""The audit trail, which only grows.

Entries are neither changed nor deleted, and the head, which knows the newest one, moves on by one at a time. On
PostgreSQL an entry is sealed when its transaction is committed: numbered, and chained to the entry before it, under the
lock of the head. That happens in two deferred steps, the second of which is queued by the first, so that it comes after
all deferred checks of the transaction: whoever holds the lock waits for nobody.

On SQLite, which has one writer at a time, the writer seals, and the triggers hold that it continues the chain. SQLite
loses a table's triggers whenever Django rebuilds the table: a migration that does so to one of these two must call
`add` again.
"""

import django.db.models.deletion
from django.db import migrations, models

ENTRY = "customers_auditentry"
HEAD = "customers_audithead"

KEPT = "The audit trail is kept as it is: nobody changes or deletes an entry."
CONTINUES = "An entry of the audit trail continues its chain: let the service write it."
MOVES = "The head of the audit trail moves on by one entry at a time: let the service move it."

SAID = (
    "id", "recorded_at", "actor", "action", "customer_id", "subject_type", "subject_id", "subject", "detail",
    "content_hash",
)  # fmt: skip
_REWRITTEN = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in SAID)

POSTGRESQL = f"""
CREATE FUNCTION paydraft_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE FUNCTION paydraft_audit_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {ENTRY} SET hash = '' WHERE id = NEW.id;
  RETURN NULL;
END $$;

CREATE FUNCTION paydraft_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head {HEAD};
  sealed varchar(64);
BEGIN
  SELECT * INTO head FROM {HEAD} WHERE id = 1 FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO {HEAD} (id, number, hash)
      SELECT 1, coalesce(max(number), 0),
             coalesce((SELECT hash FROM {ENTRY} WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1), repeat('0', 64))
      FROM {ENTRY} ON CONFLICT (id) DO NOTHING;
    SELECT * INTO head FROM {HEAD} WHERE id = 1 FOR UPDATE;
  END IF;
  sealed := encode(sha256(convert_to((head.number + 1) || ' ' || head.hash || ' ' || NEW.content_hash, 'UTF8')), 'hex');
  UPDATE {ENTRY} SET number = head.number + 1, previous_hash = head.hash, hash = sealed
  WHERE id = NEW.id AND number IS NULL;
  IF FOUND THEN
    UPDATE {HEAD} SET number = head.number + 1, hash = sealed WHERE id = 1;
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_queued AFTER INSERT ON {ENTRY} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION paydraft_audit_queue();
CREATE CONSTRAINT TRIGGER audit_entry_sealed AFTER UPDATE OF hash ON {ENTRY} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION paydraft_audit_seal();
CREATE TRIGGER audit_entry_continues BEFORE INSERT ON {ENTRY} FOR EACH ROW
  WHEN (NEW.number IS NOT NULL OR NEW.hash <> '' OR NEW.previous_hash <> '')
  EXECUTE FUNCTION paydraft_audit_refuse('{CONTINUES}');
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON {ENTRY} FOR EACH ROW
  WHEN (OLD.number IS NOT NULL OR {_REWRITTEN}) EXECUTE FUNCTION paydraft_audit_refuse('{KEPT}');
CREATE TRIGGER audit_entry_never_deleted BEFORE DELETE ON {ENTRY} FOR EACH ROW
  EXECUTE FUNCTION paydraft_audit_refuse('{KEPT}');
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON {HEAD} FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.number <> OLD.number + 1) EXECUTE FUNCTION paydraft_audit_refuse('{MOVES}');
CREATE TRIGGER audit_head_never_deleted BEFORE DELETE ON {HEAD} FOR EACH ROW
  EXECUTE FUNCTION paydraft_audit_refuse('{MOVES}');
"""

POSTGRESQL_REVERSED = f"""
DROP TRIGGER audit_head_never_deleted ON {HEAD};
DROP TRIGGER audit_head_moves_on ON {HEAD};
DROP TRIGGER audit_entry_never_deleted ON {ENTRY};
DROP TRIGGER audit_entry_stays ON {ENTRY};
DROP TRIGGER audit_entry_continues ON {ENTRY};
DROP TRIGGER audit_entry_sealed ON {ENTRY};
DROP TRIGGER audit_entry_queued ON {ENTRY};
DROP FUNCTION paydraft_audit_seal();
DROP FUNCTION paydraft_audit_queue();
DROP FUNCTION paydraft_audit_refuse();
"""

# INSERT OR REPLACE deletes without firing a trigger; hence the look at ids that are there.
SQLITE = {
    "audit_entry_continues": f"""BEFORE INSERT ON {ENTRY} FOR EACH ROW
WHEN NEW.number IS NOT (SELECT number + 1 FROM {HEAD} WHERE id = 1)
  OR NEW.previous_hash IS NOT (SELECT hash FROM {HEAD} WHERE id = 1)
  OR EXISTS (SELECT 1 FROM {ENTRY} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{CONTINUES}'); END""",
    "audit_entry_sealed": f"""AFTER INSERT ON {ENTRY} FOR EACH ROW
BEGIN UPDATE {HEAD} SET number = NEW.number, hash = NEW.hash WHERE id = 1; END""",
    "audit_entry_stays": f"BEFORE UPDATE ON {ENTRY} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
    "audit_entry_never_deleted": f"BEFORE DELETE ON {ENTRY} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
    "audit_head_moves_on": f"""BEFORE UPDATE ON {HEAD} FOR EACH ROW
WHEN NEW.id <> OLD.id OR NEW.number <> OLD.number + 1 BEGIN SELECT RAISE(ABORT, '{MOVES}'); END""",
    "audit_head_never_deleted": f"BEFORE DELETE ON {HEAD} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{MOVES}'); END",
    "audit_head_not_replaced": f"""BEFORE INSERT ON {HEAD} FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM {HEAD}) BEGIN SELECT RAISE(ABORT, '{MOVES}'); END""",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for name, body in SQLITE.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_REVERSED, params=None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_secrets_out_of_answers")]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(editable=False, null=True, unique=True)),
                ('recorded_at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(max_length=200)),
                ('action', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=100)),
                ('subject_id', models.CharField(db_index=True, max_length=100)),
                ('subject', models.CharField(max_length=300)),
                ('detail', models.JSONField(default=dict)),
                ('content_hash', models.CharField(max_length=64)),
                ('previous_hash', models.CharField(default='', max_length=64)),
                ('hash', models.CharField(default='', max_length=64)),
                ('customer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.customer')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['action', 'actor', 'recorded_at'], name='audit_entry_of_action')],
            },
        ),
        migrations.RunPython(add, remove),
    ]
