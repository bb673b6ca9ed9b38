"""For the machine that watches us."""

from typing import Any

from litestar import Response, get

from events_app.infra.database import is_writable, pending_migrations, row


@get("/health/live", include_in_schema=False)
async def live() -> dict[str, str]:
    return {"status": "live"}


@get("/health/ready", include_in_schema=False)
async def ready() -> Response[dict[str, Any]]:
    """Within the time of any other request, also when the database is frozen."""
    try:
        await row("SELECT 1 AS one")
        missing = await pending_migrations()
    except Exception:  # whatever keeps the database from answering
        return Response({"status": "no database"}, status_code=503)
    if missing:
        return Response({"status": "migrations missing", "missing": missing}, status_code=503)
    if not is_writable():
        return Response({"status": "the database cannot be written"}, status_code=503)
    return Response({"status": "ready"}, status_code=200)
