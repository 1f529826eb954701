"""Files for a broker that is not ours: who may what, who is in no more, and a configuration for mosquitto.

They are written whenever somebody is paired or unpaired; the broker has to be told to read them again (mosquitto:
SIGHUP). A session that is open then keeps its connection, and loses all its rights.
"""

from datetime import datetime
from pathlib import Path

from sottovoce_host.link.authority import rules_for
from sottovoce_host.link.keys import HostKeys
from sottovoce_host.link.paired import Members
from sottovoce_trust.private_files import keep, private_folder


def write_broker_files(state: Path, keys: HostKeys, members: Members, now: datetime) -> Path:
    """Write them into `<state>/broker`; where. Raises PairingError where the disk does not take them."""
    folder = private_folder(state / "broker")
    keep(folder / "authority.pem", keys.authority.encode())
    keep(folder / "broker.pem", keys.broker.read_bytes())
    keep(folder / "revoked.pem", keys.revocations([int(serial, 16) for serial in members.revoked], now))
    keep(folder / "acl", access_list([keys.name, *_counting(members)]).encode())
    keep(folder / "mosquitto.conf", _configuration(folder).encode())
    return folder


def access_list(names: list[str]) -> str:
    """The table of authority as mosquitto reads it: every name its own lines, and nothing for anybody else."""
    lines: list[str] = []
    for name in names:
        lines += [f"user {name}", *(f"topic {access} {topic}" for access, topic in rules_for(name)), ""]
    return "\n".join(lines)


def _counting(members: Members) -> list[str]:
    return [name for name, member in members.members.items() if member.state != "leaving"]


def _configuration(folder: Path) -> str:
    return f"""# Made by sottovoce-host: mutual TLS 1.3, names by certificate, rights by acl.
per_listener_settings false
persistence false
allow_anonymous false
acl_file {folder}/acl
max_packet_size 8192
max_queued_messages 1000
set_tcp_nodelay true
listener 8883
cafile {folder}/authority.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.pem
crlfile {folder}/revoked.pem
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.3
"""
