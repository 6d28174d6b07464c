"""A writer's index, a target, and what follows it."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.app.objects.directory import Directory
from footnote.app.replicas.follow import FollowReport, Replica
from footnote.app.replicas.publish import PublishReport, publish
from footnote.app.replicas.release import Pointer, Release, part_name
from footnote.ingest.flow import ingest


def silent(stage: str, done: int, total: int) -> None:
    pass


@dataclass
class World:
    """One writer and any number of replicas around one folder."""

    root: Path
    embedder: Embedder
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> Directory:
        return Directory(self.root / "target")

    @property
    def writer_dir(self) -> Path:
        return self.root / "writer"

    def write(self, **pages: str) -> int:
        """Ingest the pages beside those that are there; the generation."""
        docs = self.root / "docs"
        docs.mkdir(exist_ok=True)
        for name, text in pages.items():
            (docs / f"{name}.md").write_text(f"# {name.title()}\n\n{text}\n")
        return self.ingest()

    def ingest(self, **how: bool) -> int:
        settings = load_settings(env_file=None, docs_dir=self.root / "docs", index_dir=self.writer_dir)
        return ingest(settings, silent, self.embedder, **how).manifest.generation

    def publish(self) -> PublishReport:
        return publish(self.writer_dir, self.target, silent)

    def replica(self, name: str = "replica") -> Replica:
        return Replica(self.root / name, self.target, self.embedder.fingerprint)

    def follow(self, name: str = "replica") -> FollowReport:
        return self.replica(name).follow(silent)

    def pointer(self) -> Pointer:
        return Pointer.model_validate_json((self.target.root / "CURRENT").read_bytes())

    def release(self) -> Release:
        return Release.model_validate_json((self.target.root / self.pointer().live.name).read_bytes())

    def live(self, name: str = "replica") -> int | None:
        return Generations(self.root / name).current()

    def part_of(self, path: str) -> str:
        """The first part of a file."""
        (file,) = [file for file in self.release().files if file.path == path]
        return part_name(file.blocks[0])

    def parts(self) -> set[str]:
        return {found.name for found in self.target.found("parts")}

    def tamper(self, change: Callable[[dict], None]) -> None:
        """Change the live release as one who may write to the target could."""
        current = json.loads((self.target.root / "CURRENT").read_text())
        ref = current["releases"][0]
        release = json.loads((self.target.root / "releases" / f"{ref['sha256']}.json").read_text())
        change(release)
        content = json.dumps(release).encode()
        ref |= {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        ref |= {"generation": release["generation"], "built": release["built"]}
        (self.target.root / "releases" / f"{ref['sha256']}.json").write_bytes(content)
        (self.target.root / "CURRENT").write_text(json.dumps(current))


@pytest.fixture
def world(tmp_path: Path, embedder: Embedder) -> Iterator[World]:
    yield World(tmp_path, embedder)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> World:
    """Two pages, published; to be copied."""
    template = World(tmp_path_factory.mktemp("published"), embedder)
    template.write(sluice="The sluice opens at 40 cm.", boiler="The boiler stays below 6 bar.")
    template.publish()
    return template


@pytest.fixture
def published(world: World, template: World) -> World:
    """With two pages published."""
    shutil.copytree(template.root, world.root, dirs_exist_ok=True)
    return world
