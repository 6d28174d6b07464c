"""checkouts: the docs of Git repositories as ingests have checked them out.

    <index_dir>/checkout/<key>/
        repository/                objects that were fetched; may be deleted
        trees/<commit>/            the files of the docs, as the commit has them
        trees/<commit>.json        which commit and branch that is, and what each file is in it
        docs                       a link to the docs folder of the tree that is checked out

The link is replaced as a whole, so there is one commit or the other, never a part of each.
"""

import json
import os
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from footnote.app.core.git_address import CHECKOUTS, DOCS, GitAddress, git_address

TREES = "trees"
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A tree that is checked out.

    Attributes:
        branch: what was asked for, or the one that the repository names itself; "" where it names none.
        blobs: what git calls the content of each file, by its path in the repository; links are among them.
        left_out: path and reason of what the commit has and the tree has not; the path of a folder ends with a slash.
    """

    commit: str
    branch: str
    blobs: Mapping[str, str]
    left_out: tuple[tuple[str, str], ...] = ()


class Checkout:
    """The folder of one repository's docs."""

    def __init__(self, folder: Path, address: GitAddress) -> None:
        self.folder = folder
        self.address = address
        self.repository = folder / "repository"
        self.trees = folder / TREES
        self.docs = folder / DOCS

    @classmethod
    def of(cls, index_dir: Path, address: GitAddress) -> "Checkout":
        """The one of an index."""
        return cls(index_dir.resolve() / CHECKOUTS / address.key, address)

    def tree(self, commit: str) -> Path:
        return self.trees / commit

    def record(self, commit: str) -> Path:
        return self.trees / f"{commit}.json"

    def live(self) -> CheckedOut | None:
        """What is checked out; None before the first time, and where that is damaged: an update mends it."""
        try:
            linked = Path(os.readlink(self.docs)).parts
            commit = linked[1]
            if linked[0] != TREES or not _COMMIT.fullmatch(commit) or not self.docs.is_dir():
                return None
            read = json.loads(self.record(commit).read_text("utf-8", "surrogateescape"))
            left_out = tuple((path, reason) for path, reason in read["left_out"])
            return CheckedOut(commit, read["branch"], read["blobs"], left_out)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def make_live(self, checked_out: CheckedOut) -> None:
        """Let `docs` lead to a complete tree, which is on the disk already."""
        text = json.dumps(asdict(checked_out), ensure_ascii=False)
        self.record(checked_out.commit).write_text(text, "utf-8", "surrogateescape")
        link = self.folder / f"{DOCS}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(TREES, checked_out.commit, self.address.folder))
        link.replace(self.docs)

    def sweep(self) -> None:
        """Remove all trees but the one that is checked out."""
        live = self.live()
        if live is None:
            return
        for entry in list(self.trees.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                if entry.name != live.commit:
                    shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != f"{live.commit}.json":
                entry.unlink(missing_ok=True)


def sweep_checkouts(index_dir: Path, kept: Collection[str]) -> None:
    """Remove the checkouts of all repositories but those of these addresses."""
    folder = index_dir.resolve() / CHECKOUTS
    if not folder.is_dir():
        return
    keys = {git_address(address).key for address in kept}
    for entry in folder.iterdir():
        if entry.name not in keys:
            shutil.rmtree(entry, ignore_errors=True)


def forget_objects(index_dir: Path) -> None:
    """Remove what was fetched of repositories, in which texts are that the docs have no more; it is fetched again."""
    for repository in (index_dir / CHECKOUTS).glob("*/repository"):
        shutil.rmtree(repository, ignore_errors=True)
