"""site_settings: what the configuration of a site says of where its included files lie."""

from pathlib import Path

import yaml

_NAMES = ("mkdocs.yml", "mkdocs.yaml")
_MOST_BYTES = 1_000_000


class _Loader(yaml.SafeLoader):
    """Reads tags such as `!ENV` and `!!python/name:` as nothing: no configuration runs anything here."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def snippet_folders(root: Path) -> tuple[Path, ...]:
    """The `base_path` of pymdownx.snippets in the configuration of MkDocs; the site's folder where it names none."""
    for name in _NAMES:
        said = _base_paths(root / name)
        if said:
            return tuple(root / path for path in said)
    return (root,)


def _base_paths(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            settings = yaml.load(opened.read(_MOST_BYTES), _Loader)  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return []
    extensions = settings.get("markdown_extensions") if isinstance(settings, dict) else None
    for one in [extensions] if isinstance(extensions, dict) else extensions if isinstance(extensions, list) else []:
        options = one.get("pymdownx.snippets") if isinstance(one, dict) else None
        base = options.get("base_path") if isinstance(options, dict) else None
        if base:
            return [path for path in (base if isinstance(base, list) else [base]) if isinstance(path, str)]
    return []
