"""Tables that no feature owns: jobs, mail, audit, files, repeated requests, the deployment itself."""

from piccolo.columns import UUID, BigInt, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Deployment(Table, tablename="deployment"):
    """One row: who this installation is. Ticket codes are bound to `id`, calendar UIDs to `calendar_host`."""

    id = UUID(primary_key=True, default=None)
    calendar_host = Varchar(253, null=True, default=None)
    created_at = Timestamptz(default=None)


class Job(Table, tablename="job"):
    """Work that must happen after the transaction that asked for it; written inside that transaction."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(60)
    payload = Text()  # JSON
    event_id = UUID(null=True, default=None)
    run_at = Timestamptz(default=None)
    attempts = Integer(default=0)
    leased_until = Timestamptz(null=True, default=None)
    lease_holder = Varchar(60, null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    error = Text(null=True, default=None)
    created_at = Timestamptz(default=None)


class Mail(Table, tablename="mail"):
    """A mail as it was built: sent by SMTP, or kept to be read in the outbox."""

    id = UUID(primary_key=True, default=None)
    job_id = UUID(default=None)  # unique: one mail a job, however often the job is tried
    event_id = UUID(null=True, default=None)
    registration_id = UUID(null=True, default=None)
    kind = Varchar(60)
    recipient = Varchar(254)
    language = Varchar(8)
    subject = Text()
    message_id = Varchar(200)
    content = Bytea()  # the whole MIME message
    status = Varchar(12)  # kept, queued, sent, failed, dropped
    told = Varchar(64, default="")  # a digest of what it told; "" where nothing can be told twice
    error = Text(null=True, default=None)
    created_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)


class AuditEntry(Table, tablename="audit_entry"):
    """Who did what to what; written in the same transaction as the deed."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    actor_kind = Varchar(20)
    actor_id = UUID(null=True, default=None)
    actor_name = Varchar(200)
    body_id = UUID(null=True, default=None)
    event_id = UUID(null=True, default=None)
    action = Varchar(60)
    object_id = UUID(null=True, default=None)
    details = Text()  # JSON, no personal data


class IdempotentAnswer(Table, tablename="idempotent_answer"):
    """The answer once given to an `Idempotency-Key`; kept for a day."""

    id = UUID(primary_key=True, default=None)
    key_hash = Varchar(64)  # of key, caller and route; unique
    request_digest = Varchar(64)
    status = Integer()
    answer = Bytea()
    created_at = Timestamptz(default=None)


class Counter(Table, tablename="counter"):
    """Numbers that are given out once, such as event numbers."""

    name = Varchar(60, primary_key=True, default="")
    value = BigInt(default=0)


INFRA_TABLES = [Deployment, Job, Mail, AuditEntry, IdempotentAnswer, Counter]
