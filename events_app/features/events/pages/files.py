"""Stored pictures at addresses whose content never changes."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from events_app.infra.database import row
from events_app.kernel.errors import NotFound


@get("/files/{file_id:uuid}")
async def stored_file(request: Request[Any, Any, Any], file_id: FromPath[UUID]) -> Response[bytes]:
    found = await row("SELECT media_type, sha256, content FROM stored_file WHERE id = {}", file_id)
    if found is None:
        raise NotFound
    etag = f'"{found["sha256"]}"'
    headers = {"etag": etag, "cache-control": "public, max-age=31536000, immutable"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=found["media_type"])
    return Response(bytes(found["content"]), headers=headers, media_type=found["media_type"])


ROUTES = [stored_file]
