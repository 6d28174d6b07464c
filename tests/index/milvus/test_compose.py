"""deploy/milvus/ is what Compose reads: settings that there are, and no port open to other hosts."""

import yaml

from footnote.app.core.settings import SETTINGS
from tests.index.milvus_server import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy" / "milvus" / "docker-compose.yml").read_text())


def test_its_settings_are_those_that_there_are() -> None:
    named = {name for name in COMPOSE["services"]["footnote"]["environment"] if name.startswith("FOOTNOTE_")}
    assert named <= {setting.variable for setting in SETTINGS.values()}
    assert {"FOOTNOTE_STORE", "FOOTNOTE_STORE_TOKEN"} <= named


def test_no_port_is_open_to_other_hosts_and_every_service_waits_for_what_it_needs() -> None:
    services = COMPOSE["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)
    for service in services.values():
        for name, wait in service.get("depends_on", {}).items():
            assert wait == {"condition": "service_healthy"} and "healthcheck" in services[name]
