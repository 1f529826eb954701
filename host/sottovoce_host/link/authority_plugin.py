"""Asks the table of authority for every topic that a client of the embedded broker names or is sent."""

from typing import Any

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

from sottovoce_host.link.authority import may, may_subscribe
from sottovoce_wire import WireError


class AuthorityPlugin(BaseAuthPlugin, BaseTopicPlugin):  # type: ignore[misc]
    """The border has compared the client's identifier with its certificate: here the identifier is the name."""

    async def authenticate(self, *, session: Any) -> bool:  # noqa: ANN401 -- amqtt's session
        """Let in whom the border has let in."""
        return bool(session.client_id)

    async def topic_filtering(self, *, session: Any = None, topic: str | None = None, action: Any = None) -> bool:  # noqa: ANN401
        """Whether this client may publish to, subscribe to, or be sent this topic."""
        name = session.client_id if session is not None else ""
        if not name or not topic:
            return False
        try:
            if action == Action.SUBSCRIBE:
                return may_subscribe(name, topic)
            return may(name, "write" if action == Action.PUBLISH else "read", topic)
        except WireError:
            return False
