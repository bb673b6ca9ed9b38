"""Bodies as they are sent: what Litestar's own reading answers with an error of ours, refused as theirs."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException, HTTPException


class BodyRequest(Request[Any, Any, Any]):
    """JSON must say that it is JSON (or say nothing), be UTF-8 and not be nested without end; forms too."""

    @property
    def cookies(self) -> dict[str, str]:
        """The first value of each name, as the entrance read them."""
        found: dict[str, tuple[str, ...]] = self.scope["state"].get("cookies", {})
        return {name: values[0] for name, values in found.items()}

    async def json(self) -> Any:
        kind, _ = self.content_type
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise HTTPException(status_code=415)
        try:
            return await super().json()
        except (UnicodeDecodeError, RecursionError) as error:
            raise ClientException from error

    async def form(self) -> FormMultiDict:
        try:
            return await super().form()
        except (ValueError, LookupError, RecursionError) as error:
            raise ClientException from error
