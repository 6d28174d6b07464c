"""Small wheels in a folder that stands for a package index."""

import zipfile
from collections.abc import Mapping
from pathlib import Path


def write_wheel(folder: Path, package: str, version: str, members: Mapping[str, bytes | Path]) -> Path:
    """A wheel of these members; a path is a file whose bytes go in."""
    folder.mkdir(parents=True, exist_ok=True)
    name = package.replace("-", "_")
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    notes = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as opened:
        for member, content in members.items():
            if isinstance(content, Path):
                opened.write(content, member)
            else:
                opened.writestr(member, content)
        opened.writestr(f"{notes}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        opened.writestr(f"{notes}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        opened.writestr(f"{notes}/RECORD", "")
    return wheel
