"""What a service is given besides its input: the clock, randomness, settings and secrets."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.infra.settings import Settings
from events_app.kernel.clock import Clock
from events_app.kernel.ids import Entropy, derived_token, new_id, new_token


class World(msgspec.Struct, frozen=True):
    settings: Settings
    clock: Clock
    entropy: Entropy

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> UUID:
        return new_id(self.entropy, int(self.clock.now().timestamp() * 1000))

    def new_token(self) -> str:
        return new_token(self.entropy)

    def derived_token(self, purpose: str, subject: str) -> str:
        return derived_token(self.settings.secret_key.reveal().encode(), purpose, subject)

    def url(self, path: str) -> str:
        """The absolute address of a path of this installation."""
        return self.settings.base_url + path
