"""Hints as rows: learnt when a corrected job is approved, tried on the supplier's next documents, and judged by what
people make of those.

A job that is approved teaches what was corrected on it. A hint is right where its value was approved as it stood, and
wrong where a person put another in its place; two wrong ones in a row suspend it, and anybody who may change jobs can
revoke it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import F

from counterparties.candidates import counterparty_rows
from counterparties.evidence import CounterpartyRow
from counterparties.names import name_key
from customers.audit.recording import record
from ocr.evidence import decisions_of
from ocr.extraction.fields import FieldName
from ocr.extraction.hint_places import TAUGHT, Hint, learnt, place_of
from ocr.extraction.hints import Used
from ocr.models import HintUse, OcrCorrection, OcrJob, OcrReading, SupplierHint
from ocr.reading.document import Box, DocumentText, document_from_plain

Kind = SupplierHint.Kind
State = SupplierHint.State
SUSPENDED_AFTER = 2
KEY_LENGTH = 300


# --- trying -----------------------------------------------------------------------------------------------------------


def place_hints(counterparty_id: UUID) -> tuple[Hint, ...]:
    """Where values stand on this supplier's documents, as far as people taught it and nothing speaks against it."""
    rows = SupplierHint.objects.filter(counterparty=counterparty_id, kind=Kind.PLACE, state=State.ACTIVE)
    return tuple(
        Hint(
            id=row.pk,
            field=cast(FieldName, row.field),
            label=tuple(row.data["label"]),
            side=row.data["side"],
            page=row.data["page"],
            box=tuple(row.data["box"]),
            shape=row.data["shape"],
            value=row.data["value"],
            right=row.right,
            wrong=row.wrong,
        )
        for row in rows
    )


def has_hints(customer_id: UUID) -> bool:
    return SupplierHint.objects.of([customer_id]).filter(state=State.ACTIVE).exists()


def with_hints(
    *, customer_id: UUID, rows: tuple[CounterpartyRow, ...], name: str | None
) -> tuple[CounterpartyRow, ...]:
    """The candidates with the names and the accounts that people taught: who is called so on its documents is among
    them, and the account that was meant before is its primary one, which is still only assumed."""
    key = name_key(name or "")[:KEY_LENGTH]
    active = SupplierHint.objects.of([customer_id]).filter(state=State.ACTIVE, counterparty__active=True)
    called = list(active.filter(kind=Kind.ALIAS, key=key).values_list("counterparty", flat=True)) if key else []
    missing = [payee for payee in called if all(row.id != payee for row in rows)]
    rows += counterparty_rows(customer_id=customer_id, counterparty_ids=missing) if missing else ()
    meant = dict(
        active.filter(kind=Kind.ACCOUNT, counterparty__in=[row.id for row in rows])
        .order_by("learnt_at", "id")
        .values_list("counterparty", "key")
    )
    named = tuple(replace(row, aliases=(*row.aliases, name or "")) if row.id in called else row for row in rows)
    return tuple(_with_account(row, meant[row.id]) if row.id in meant else row for row in named)


def refused_aliases(*, customer_id: UUID, name: str) -> frozenset[UUID]:
    """The counterparties of which people took back that they are called so: earlier jobs no longer say it either."""
    rows = SupplierHint.objects.of([customer_id]).filter(kind=Kind.ALIAS, key=name_key(name)[:KEY_LENGTH])
    return frozenset(rows.exclude(state=State.ACTIVE).values_list("counterparty", flat=True))


def record_uses(*, job: OcrJob, used: Sequence[Used], now: datetime) -> None:
    """Which hints gave the job its values: those of this run, in the place of earlier ones that nobody has judged.

    Call it in the transaction that stores the run, once the job's match is set.
    """
    HintUse.objects.filter(job=job, was_right=None).delete()
    values = {each.hint_id: each.value for each in used}
    if job.counterparty_id:
        others = SupplierHint.objects.filter(counterparty=job.counterparty_id, state=State.ACTIVE)
        if job.seller_key:
            for row in others.filter(kind=Kind.ALIAS, key=job.seller_key[:KEY_LENGTH]):
                values[row.pk] = str(job.counterparty_id)
        if job.account_id and not job.result.get("iban"):
            for row in others.filter(kind=Kind.ACCOUNT, key=str(job.account_id)):
                values[row.pk] = str(job.account_id)
    judged = set(HintUse.objects.filter(job=job, hint__in=values).values_list("hint", flat=True))
    HintUse.objects.bulk_create(
        HintUse(hint_id=hint, job=job, value=value, used_at=now) for hint, value in values.items() if hint not in judged
    )


def _with_account(row: CounterpartyRow, account: str) -> CounterpartyRow:
    meant = next((each for each in row.accounts if str(each.id) == account), None)
    if meant is None:
        return row
    accounts = tuple(
        replace(each, is_primary=each.id == meant.id) if each.currency == meant.currency else each
        for each in row.accounts
    )
    return replace(row, accounts=accounts)


# --- judging --------------------------------------------------------------------------------------------------------


def judge_correction(*, job: OcrJob, target: str, after: str | None, now: datetime) -> None:
    """A person has put a value in the place of one: the hint that gave that is wrong, unless it is the same."""
    for use in _open_uses(job):
        if (use.hint.field or _TARGETS[use.hint.kind]) == target:
            _judge(use=use, was_right=use.value == after, now=now)


def judge_approval(*, job: OcrJob, now: datetime) -> None:
    """Somebody has approved the job as it stands: hints whose values stand there are right."""
    values = {row.name: row.value for row in job.fields.all()}
    values |= {"counterparty_id": str(job.counterparty_id), "cp_account_id": str(job.account_id)}
    for use in _open_uses(job):
        _judge(use=use, was_right=values.get(use.hint.field or _TARGETS[use.hint.kind]) == use.value, now=now)


_TARGETS: dict[str, str] = {Kind.ALIAS: "counterparty_id", Kind.ACCOUNT: "cp_account_id"}


def _open_uses(job: OcrJob) -> list[HintUse]:
    return list(HintUse.objects.filter(job=job, was_right=None).select_related("hint"))


def _judge(*, use: HintUse, was_right: bool, now: datetime) -> None:
    HintUse.objects.filter(pk=use.pk).update(was_right=was_right, decided_at=now)
    hint = SupplierHint.objects.filter(pk=use.hint_id)
    if was_right:
        hint.update(right=F("right") + 1, wrong_in_a_row=0)
        return
    hint.update(wrong=F("wrong") + 1, wrong_in_a_row=F("wrong_in_a_row") + 1)
    hint.filter(wrong_in_a_row__gte=SUSPENDED_AFTER, state=State.ACTIVE).update(state=State.SUSPENDED)


def revoke_hint(*, hint_id: int, by: str, now: datetime) -> bool:
    """Whether there was anything to take back: a hint that is revoked stays so, also when it is learnt again."""
    rows = SupplierHint.objects.filter(pk=hint_id).exclude(state=State.REVOKED)
    with transaction.atomic():
        revoked = bool(rows.update(state=State.REVOKED, revoked_by=by, revoked_at=now))
        if revoked:
            hint = SupplierHint.objects.get(pk=hint_id)
            told = {"kind": hint.kind, "field": hint.field, "counterparty_id": hint.counterparty_id}
            name = hint.field or hint.get_kind_display()
            record(action="hint.revoked", by=by, subject=hint, customer_id=hint.customer_id, named=name, detail=told)
    return revoked


# --- learning -------------------------------------------------------------------------------------------------------


@transaction.atomic
def learn(*, job: OcrJob, by: str, now: datetime) -> list[SupplierHint]:
    """The hints that the corrections of an approved job give, new ones and those that were known before."""
    if job.counterparty_id is None:
        return []
    hints = [*_places(job), *_aliases(job), *_accounts(job)]
    return [_stored(job=job, supplier=job.counterparty_id, hint=hint, by=by, now=now) for hint in hints]


def _stored(*, job: OcrJob, supplier: UUID, hint: SupplierHint, by: str, now: datetime) -> SupplierHint:
    stored, is_new = SupplierHint.objects.get_or_create(
        counterparty_id=supplier,
        kind=hint.kind,
        field=hint.field,
        key=hint.key,
        defaults={
            "customer_id": job.customer_id,
            "data": hint.data,
            "learnt_from": job,
            "learnt_by": by,
            "learnt_at": now,
        },
    )
    if not is_new and stored.state == State.SUSPENDED:
        # What a person shows once more is tried once more.
        stored.state, stored.wrong_in_a_row = State.ACTIVE, 0
        stored.save(update_fields=["state", "wrong_in_a_row"])
    return stored


def _places(job: OcrJob) -> Iterable[SupplierHint]:
    corrections = _changes(job)
    reading = OcrReading.objects.filter(job=job).first()
    document = document_from_plain(reading.document) if reading is not None and corrections else None
    for correction in corrections if document is not None else ():
        hint = _place(document=cast(DocumentText, document), correction=correction)
        if hint is None:
            continue
        plain = {name: value for name, value in asdict(hint).items() if name in ("label", "side", "page", "shape")}
        # What stands beside a label is the same wherever it stands; what has none is known by its place.
        where = plain if hint.label else {**plain, "box": [round(side, 2) for side in hint.box]}
        yield SupplierHint(
            kind=Kind.PLACE,
            field=correction.target,
            key=json.dumps(where, sort_keys=True, ensure_ascii=False)[:KEY_LENGTH],
            data={**plain, "box": list(hint.box), "value": hint.value, "said": _said(hint)},
        )


def _changes(job: OcrJob) -> list[OcrCorrection]:
    """The newest correction of each field, where it gave a value that was not there before."""
    newest = {each.target: each for each in job.corrections.order_by("id")}
    return [each for name, each in newest.items() if name in TAUGHT and each.after and each.after != each.before]


def _place(*, document: DocumentText, correction: OcrCorrection) -> Hint | None:
    name, value = cast(FieldName, correction.target), correction.after or ""
    if correction.page and correction.box:
        return learnt(document=document, name=name, page=correction.page, box=Box(*correction.box), value=value)
    found = place_of(document=document, name=name, value=value)
    return None if found is None else learnt(document=document, name=name, page=found[0], box=found[1], value=value)


def _said(hint: Hint) -> str:
    if hint.label:
        side = {"same": "behind", "right": "to the right of", "below": "below"}[hint.side]
        return f"{side} “{' '.join(hint.label)}”"
    page = "the last page" if hint.page < 0 else f"page {hint.page}"
    return f"{hint.box[0]:.0%} from the left and {hint.box[1]:.0%} from the top of {page}"


def _aliases(job: OcrJob) -> Iterable[SupplierHint]:
    """Who was chosen by a person is called what the document calls the seller."""
    name = job.fields.filter(name="seller_name").values_list("value", flat=True).first()
    key = name_key(name or "")[:KEY_LENGTH]
    chosen = decisions_of(job).counterparty_id == job.counterparty_id
    if chosen and key and job.counterparty and key != name_key(job.counterparty.legal_name)[:KEY_LENGTH]:
        yield SupplierHint(kind=Kind.ALIAS, field="", key=key, data={"name": name, "said": name})


def _accounts(job: OcrJob) -> Iterable[SupplierHint]:
    """Which account a person chose where the document says none."""
    account = job.account
    if account is not None and decisions_of(job).account_id == account.pk and not job.result.get("iban"):
        yield SupplierHint(
            kind=Kind.ACCOUNT, field="", key=str(account.pk), data={"iban": account.iban, "said": account.iban}
        )
