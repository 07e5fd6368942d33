"""A real S3 server for the tests: OpenStack Swift with its S3 API, all of it in one process over one folder.

`python swift_server.py FOLDER SECRET`, with the interpreter of `make object-storage`: prints the port once it
listens, and serves until it is killed. One replica on one device; the access key is `test:tester`. Otherwise it is
Swift as operators run it.
"""

import sys
from pathlib import Path
from typing import Any

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi  # noqa: E402 - everything below has to find the patched modules
from swift.common import utils  # noqa: E402
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

BACKENDS = ("account", "container", "object")

SWIFT_CONF = """
[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = one
default = yes
"""

DEFAULTS = """
[DEFAULT]
swift_dir = {folder}/etc
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
"""

BACKEND_CONF = """
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY_CONF = """
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:slo]
use = egg:swift#slo
"""


def configure(*, folder: Path, secret: str, ports: dict[str, int]) -> None:
    """Writes Swift's configuration and its rings, which say on which port each part is found."""
    etc = folder / "etc"
    etc.mkdir(parents=True)
    (folder / "devices/disk").mkdir(parents=True)
    (etc / "swift.conf").write_text(SWIFT_CONF, encoding="utf-8")
    utils.SWIFT_CONF_FILE = str(etc / "swift.conf")
    for name in BACKENDS:
        ring = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
        place = {"ip": "127.0.0.1", "port": ports[name], "replication_ip": "127.0.0.1", "replication_port": ports[name]}
        ring.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "device": "disk", "meta": "", **place})
        ring.rebalance()
        ring.get_ring().save(str(etc / f"{name}.ring.gz"))
        text = DEFAULTS.format(folder=folder) + BACKEND_CONF.format(name=name)
        (etc / f"{name}.conf").write_text(text, encoding="utf-8")
    text = DEFAULTS.format(folder=folder) + PROXY_CONF.format(secret=secret)
    (etc / "proxy.conf").write_text(text, encoding="utf-8")


def serve(*, folder: Path, secret: str) -> None:
    sockets: dict[str, Any] = {name: eventlet.listen(("127.0.0.1", 0)) for name in (*BACKENDS, "proxy")}
    ports = {name: listener.getsockname()[1] for name, listener in sockets.items()}
    configure(folder=folder, secret=secret, ports=ports)
    servers = []
    for name, listener in sockets.items():
        application = loadapp(str(folder / f"etc/{name}.conf"), global_conf={"log_name": name})
        servers.append(eventlet.spawn(wsgi.server, listener, application, protocol=SwiftHttpProtocol, log_output=False))
    print(ports["proxy"], flush=True)  # noqa: T201 - whoever started us reads it
    for server in servers:
        server.wait()


if __name__ == "__main__":
    serve(folder=Path(sys.argv[1]).resolve(), secret=sys.argv[2])
