"""What the doors keep of somebody whose data are erased: the scans, without the name in their answers."""

import msgspec

from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import execute, rows
from events_app.infra.world import World


async def forget_name(world: World, registration: RegistrationRecord) -> None:
    """Handed to registration's hooks by `app.py`; runs in the transaction of the erasure."""
    found = await rows(  # index scan_registration
        "SELECT id, answer FROM scan WHERE registration_id = {}", registration.id
    )
    for scan in found:
        answer = msgspec.json.decode(scan["answer"]) | {"registration": None, "override": ""}
        kept = msgspec.json.encode(answer).decode()
        await execute("UPDATE scan SET answer = {} WHERE id = {}", kept, scan["id"])
