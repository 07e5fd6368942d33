"""What the database itself notes while the run goes on: who claimed which job, and every end that a job came to.

Triggers, so that nothing the service believes of itself has a part in it. Times are the database's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg

TRIGGERS: LiteralString = """
CREATE TABLE chaos_claims (
    token uuid, job_id uuid, worker text, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE chaos_ends (
    job_id uuid, state text, worker text, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE FUNCTION chaos_note_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos_claims (token, job_id, worker)
    VALUES (NEW.token, NEW.job_id, current_setting('application_name'));
    RETURN NULL;
END $$;
CREATE FUNCTION chaos_note_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos_ends (job_id, state, worker) VALUES (NEW.id, NEW.state, current_setting('application_name'));
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_claims AFTER INSERT ON ocr_ocrrun FOR EACH ROW EXECUTE FUNCTION chaos_note_claim();
CREATE TRIGGER chaos_ends AFTER UPDATE ON ocr_ocrjob FOR EACH ROW
    WHEN (NEW.state IN ('finished', 'failed') AND (OLD.state, OLD.finished_at, OLD.transfer_id, OLD.claim_token)
          IS DISTINCT FROM (NEW.state, NEW.finished_at, NEW.transfer_id, NEW.claim_token))
    EXECUTE FUNCTION chaos_note_end();
"""


@dataclass(frozen=True, slots=True)
class Held:
    job_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class ClaimNote:
    token: UUID
    job_id: UUID
    worker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EndNote:
    job_id: UUID
    state: str
    worker: str
    at: datetime


def place_triggers(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(TRIGGERS)


def held_by(database: "psycopg.Connection[Any]", *, worker: str) -> Held | None:
    row = database.execute(
        "SELECT job.id, job.claim_token FROM chaos_claims claim JOIN ocr_ocrjob job ON job.claim_token = claim.token "
        "WHERE claim.worker = %s AND job.state = 'running' ORDER BY claim.at DESC LIMIT 1",
        [worker],
    ).fetchone()
    return None if row is None else Held(*row)


def claim_notes(database: "psycopg.Connection[Any]") -> list[ClaimNote]:
    rows = database.execute("SELECT token, job_id, worker, at FROM chaos_claims ORDER BY at")
    return [ClaimNote(*row) for row in rows]


def end_notes(database: "psycopg.Connection[Any]") -> list[EndNote]:
    rows = database.execute("SELECT job_id, state, worker, at FROM chaos_ends ORDER BY at")
    return [EndNote(*row) for row in rows]
