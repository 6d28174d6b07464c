"""What deploy/ holds is what its tools read: Kubernetes' own schemas, nginx, and the settings there are."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from footnote.app.core.settings import SETTINGS
from tests.servers import ROOT, SERVERS, free_port, write_nginx

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def documents() -> list[dict]:
    return [document for file in MANIFESTS for document in yaml.safe_load_all(file.read_text())]


@pytest.mark.scale
@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.stem)
def test_the_manifests_are_what_kubernetes_takes(file: Path) -> None:
    command = [SERVERS / "kubernetes-validate", "--strict", "-k", "1.37.0", file]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.scale
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    write_nginx(tmp_path, [f"127.0.0.1:{port}" for port in (8001, 8002, 8003)], free_port())
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_selectors_name_the_pods_that_there_are() -> None:
    by_kind = {(one["kind"], one["metadata"]["name"]): one for one in documents()}
    pods = by_kind["Deployment", "footnote"]["spec"]["template"]["metadata"]["labels"]
    writers = by_kind["CronJob", "footnote-writer"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert by_kind["Deployment", "footnote"]["spec"]["selector"]["matchLabels"] == pods
    assert by_kind["Service", "footnote"]["spec"]["selector"] == pods
    assert by_kind["PodDisruptionBudget", "footnote"]["spec"]["selector"]["matchLabels"] == pods
    assert by_kind["NetworkPolicy", "footnote-replicas"]["spec"]["podSelector"]["matchLabels"] == pods
    assert by_kind["NetworkPolicy", "footnote-writer"]["spec"]["podSelector"]["matchLabels"] == writers
    assert by_kind["HorizontalPodAutoscaler", "footnote"]["spec"]["scaleTargetRef"]["name"] == "footnote"
    claims = {name for kind, name in by_kind if kind == "PersistentVolumeClaim"}
    volumes = by_kind["CronJob", "footnote-writer"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
    assert {one["persistentVolumeClaim"]["claimName"] for one in volumes if "persistentVolumeClaim" in one} == claims


def test_compose_has_a_writer_and_as_many_replicas_as_nginx_asks() -> None:
    compose = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())
    replicas = {name for name in compose["services"] if name.startswith("replica-")}
    asked = set(re.findall(r"server (replica-\d):8000", (DEPLOY / "nginx" / "upstreams.conf").read_text()))
    assert replicas == asked == set(compose["services"]["nginx"]["depends_on"])
    assert len(replicas) == 3
    folders = [volume.partition(":")[0] for name in replicas for volume in compose["services"][name]["volumes"]]
    assert {name for name in folders if folders.count(name) > 1} == {"published"}
    assert set(compose["volumes"]) == {*folders, "writer"}


@pytest.mark.parametrize("file", sorted(DEPLOY.rglob("*.*")), ids=lambda file: file.name)
def test_every_name_is_a_setting(file: Path) -> None:
    names = set(re.findall(r"FOOTNOTE_[A-Z0-9_]*[A-Z0-9]", file.read_text("utf-8", "replace")))
    assert names <= {setting.variable for setting in SETTINGS.values()}
