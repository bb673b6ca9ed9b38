"""`convive worker` beside servers that do no jobs themselves."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events_app.infra import database as db
from events_app.infra.database import close_database
from tests.factories import make_event, make_registration
from tests.servers import ROOT
from tests.smtp import smtp_sink
from tests.world import make_world


@pytest.mark.slow
async def test_it_sends_what_is_due_and_ends_on_sigterm(database: str, tmp_path: Path) -> None:
    world = make_world(tmp_path / "data", now=datetime.now(UTC))
    soon = world.now() + timedelta(days=30)
    event = await make_event(world, starts_at=soon, ends_at=soon + timedelta(hours=2))
    people = [await make_registration(world, event) for _ in range(5)]
    await close_database()
    with smtp_sink() as (sink, smtp_url):
        env = {
            "CONVIVE_DATABASE_URL": database,
            "CONVIVE_DATA_DIR": str(tmp_path / "data"),
            "CONVIVE_SECRET_KEY": world.settings.secret_key.reveal(),
            "CONVIVE_SMTP_URL": smtp_url,
            "CONVIVE_MAIL_FROM": "convive@pma.example",
            "PYTHONPATH": str(ROOT),
        }
        worker = subprocess.Popen(  # noqa: ASYNC220 -- nothing else runs in this loop
            [sys.executable, "-m", "events_app", "worker"], env={**os.environ, **env}, cwd=ROOT
        )
        try:
            sink.await_messages(len(people), seconds=30)
        finally:
            worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    assert {recipient for (recipient,), _ in sink.taken} == {person.email for person in people}
    found = await db.rows("SELECT status, count(*) AS n FROM mail GROUP BY status")
    assert [(row["status"], row["n"]) for row in found] == [("sent", 5)]
