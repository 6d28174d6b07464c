"""A docs folder that changes in every way a folder can, with simulated time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from footnote.app.core.find import FoundFile, find_files
from footnote.app.core.types import Skip
from tests.ingest.pages import EDITED_TEXTS, FRONTS, IGNORE_FILES, IGNORES, ODD, PAGES, PATHS, Page

SECOND_NS = 1_000_000_000


@dataclass(frozen=True)
class _File:
    content: Page | bytes
    mtime_ns: int
    ctime_ns: int

    @property
    def raw(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.to_bytes()


class DocsFolder:
    """Files on disk; their times are those of a file system that counts in steps of `step_ns`.

    `found` is `find_files` with these times. What a change is, `data` draws.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.now_ns = 1_700_000_000 * SECOND_NS
        self.step_ns = 1
        self._files: dict[str, _File] = {}
        self._earlier: list[Page | bytes] = []

    def found(
        self, docs_dir: Path, include: Sequence[str], exclude: Sequence[str], max_bytes: int
    ) -> tuple[list[FoundFile], list[Skip]]:
        files, skips = find_files(docs_dir, include, exclude, max_bytes)
        return [
            replace(
                file,
                mtime_ns=self._files[file.path].mtime_ns // self.step_ns * self.step_ns,
                ctime_ns=self._files[file.path].ctime_ns // self.step_ns * self.step_ns,
            )
            for file in files
        ], skips

    def relocate(self, folder: Path) -> None:
        self.folder.rename(folder)
        self.folder = folder

    def change(self, data: st.DataObject) -> str:
        """Make one change; returns its name."""
        changes = [self._add, self._edit_ignore_file, self._pass_time]
        if self._files:
            changes += [
                self._edit,
                self._edit,
                self._edit,
                self._edit_in_place,
                self._delete,
                self._touch,
                self._rename,
            ]
            changes += [self._rename_folder, self._copy, self._make_odd, self._revert, self._swap]
        change = data.draw(st.sampled_from(changes))
        change(data)
        return change.__name__

    def write(self, path: str, content: Page | bytes, mtime_ns: int | None = None) -> None:
        """Write a file; whatever is in its way goes."""
        self._earlier.append(content)
        self._put(path, _File(content, self.now_ns if mtime_ns is None else mtime_ns, self.now_ns))

    def _add(self, data: st.DataObject) -> None:
        self.write(data.draw(st.sampled_from(PATHS)), data.draw(PAGES))

    def _edit(self, data: st.DataObject) -> None:
        path = self._any(data)
        page = self._files[path].content
        if isinstance(page, bytes):
            page += b"\nOne more line about backups.\n"
        else:
            at = data.draw(st.integers(0, len(page.sections)))
            kind = data.draw(st.sampled_from(["front", "insert", "change", "remove", "newline"]))
            before, after = page.sections[:at], page.sections[at:]
            if kind == "front":
                page = replace(page, front=data.draw(st.sampled_from(FRONTS)))
            elif kind == "insert":
                page = replace(page, sections=(*before, data.draw(EDITED_TEXTS), *after))
            elif kind == "change":
                page = replace(page, sections=(*before, data.draw(EDITED_TEXTS), *after[1:]))
            elif kind == "remove":
                page = replace(page, sections=(*before, *after[1:]))
            else:
                page = replace(page, newline="\r\n" if page.newline == "\n" else "\n")
        self.write(path, page, self._files[path].mtime_ns if data.draw(st.booleans()) else None)

    def _edit_in_place(self, data: st.DataObject) -> None:
        """Exactly as long as before."""
        path = self._any(data)
        raw = self._files[path].raw
        edited = raw.replace(b"zebra", b"okapi") if b"zebra" in raw else raw.replace(b"relay", b"zebra")
        self.write(path, edited, self._files[path].mtime_ns if data.draw(st.booleans()) else None)

    def _make_odd(self, data: st.DataObject) -> None:
        self.write(self._any(data), data.draw(st.sampled_from(ODD)))

    def _revert(self, data: st.DataObject) -> None:
        self.write(self._any(data), data.draw(st.sampled_from(self._earlier)))

    def _delete(self, data: st.DataObject) -> None:
        self._remove(self._any(data))

    def _touch(self, data: st.DataObject) -> None:
        path = self._any(data)
        self._files[path] = replace(self._files[path], mtime_ns=self.now_ns, ctime_ns=self.now_ns)

    def _rename(self, data: st.DataObject) -> None:
        path = self._any(data)
        file = self._files[path]
        self._remove(path)
        self._put(data.draw(st.sampled_from(PATHS)), replace(file, ctime_ns=self.now_ns))

    def _rename_folder(self, data: st.DataObject) -> None:
        """The files below keep all their times, as on disk."""
        old, new = data.draw(st.permutations(["guides/", "manual/"]))
        for path, file in list(self._files.items()):
            if path.startswith(old):
                self._remove(path)
                self._put(path.replace(old, new), file)

    def _copy(self, data: st.DataObject) -> None:
        """With the time of the last edit, as `cp -p` does."""
        file = self._files[self._any(data)]
        self._put(data.draw(st.sampled_from(PATHS)), replace(file, ctime_ns=self.now_ns))

    def _swap(self, data: st.DataObject) -> None:
        first, second = self._any(data), self._any(data)
        if first != second:
            files = self._files[first], self._files[second]
            self._put(first, replace(files[1], ctime_ns=self.now_ns))
            self._put(second, replace(files[0], ctime_ns=self.now_ns))

    def _edit_ignore_file(self, data: st.DataObject) -> None:
        file = self.folder / data.draw(st.sampled_from(IGNORE_FILES))
        content = data.draw(st.sampled_from(IGNORES))
        if content is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)

    def _pass_time(self, data: st.DataObject) -> None:
        self.now_ns += data.draw(st.sampled_from([1, SECOND_NS, 3 * SECOND_NS, 86_400 * SECOND_NS]))

    def _any(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self._files)))

    def _put(self, path: str, file: _File) -> None:
        for other in list(self._files):
            if other.startswith(path + "/") or path.startswith(other + "/"):
                self._remove(other)
        target = self.folder / path
        if target.is_dir():
            target.rmdir()  # empty by now
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.raw)
        self._files[path] = file

    def _remove(self, path: str) -> None:
        (self.folder / path).unlink()
        del self._files[path]
