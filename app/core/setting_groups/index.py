"""The settings of what is ingested, and where it is kept."""

from collections import Counter
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from footnote.app.core.addresses import POSTGRES_EXAMPLE, postgres_address, server_url
from footnote.app.core.git_address import PREFIX as GIT_PREFIX
from footnote.app.core.git_address import GitAddress, docs_dir_of_checkout, git_address, is_git
from footnote.app.core.setting_groups.group import Globs, Group

NO_INCLUDES = "none"
MARKDOWN = ("**/*.md", "**/*.mdx", "**/*.markdown")
STORE_EXAMPLES = {
    "chroma": "chroma:http://HOST:8000",
    "milvus": "milvus:http://HOST:19530",
    "postgres": POSTGRES_EXAMPLE,
}
STORE_KINDS = tuple(STORE_EXAMPLES)  # that have an address


class FolderSettings(Group):
    """Where docs and index are."""

    docs: Path | str = Field(
        Path("docs"),
        validation_alias="FOOTNOTE_DOCS_DIR",
        repr=False,
        description="The docs folder; or a Git repository: `git+URL#BRANCH:FOLDER`.",
    )
    index_dir: Path = Field(Path("chroma_db"), description="Where the index lives.")

    @field_validator("docs")
    @classmethod
    def _names_docs(cls, docs: Path | str) -> Path | str:
        if str(docs).startswith(GIT_PREFIX):
            return git_address(str(docs)).given
        return Path(docs)

    @property
    def git(self) -> GitAddress | None:
        """The repository that the docs are in; None for those of a folder."""
        return git_address(str(self.docs)) if is_git(self.docs) else None

    @property
    def docs_dir(self) -> Path:
        """The docs folder; of a repository the one of its checkout, which is there after the first ingest."""
        return docs_dir_of_checkout(self.index_dir, self.git) if self.git else Path(self.docs)

    @property
    def docs_shown(self) -> str:
        """What errors and reports call the docs: without the login of an address."""
        return self.git.shown if self.git else str(self.docs_dir.resolve())

    @property
    def docs_place(self) -> Path:
        """The docs folder by its one name: absolute, and whatever link leads to it."""
        return self.docs_dir if self.git else self.docs_dir.resolve()


class StoreSettings(Group):
    """What holds the chunks of the index."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_STORE_")

    name: str = Field(
        "embedded",
        validation_alias="FOOTNOTE_STORE",
        description="What holds the chunks and answers the searches: files in the index folder (`embedded`), or a "
        "server: `chroma:http://HOST:8000`, `milvus:http://HOST:19530`, `postgres:postgresql://USER@HOST/DATABASE`.",
    )
    token: SecretStr | None = Field(
        None, description="The login of the store's server: `USER:PASSWORD`, or an API key."
    )
    timeout_s: float = Field(10.0, gt=0, le=600, description="How long one answer of the store's server may take.")

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        kind, _, address = name.partition(":")
        if name == "embedded":
            return name
        if kind not in STORE_KINDS:
            raise ValueError(f"must be embedded, or one of {', '.join(STORE_EXAMPLES.values())}")
        if kind == "postgres":
            return f"{kind}:{postgres_address(address)}"
        if "@" in address:
            raise ValueError("must hold no login: put that into FOOTNOTE_STORE_TOKEN")
        return f"{kind}:{server_url(address, f'{kind}:', STORE_EXAMPLES[kind])}"

    @property
    def kind(self) -> str:
        """What is in front of the address: `embedded`, or one of STORE_KINDS."""
        return self.name.partition(":")[0]

    @property
    def address(self) -> str:
        """Where the store's server is; "" of the embedded one."""
        return self.name.partition(":")[2]


class IngestSettings(Group):
    """What is read, and how it is cut."""

    include: Globs = Field(
        MARKDOWN,
        description="Globs of files to read, comma-separated, below the docs folder.",
    )
    exclude: Globs = Field((), description="Ignore patterns, comma-separated, as in `.gitignore`.")
    include_roots: Globs = Field(
        (),
        description="Folders beside the docs folder, comma-separated, whose files pages may show parts of; `none`: "
        "show none, not even those of the docs folder.",
    )
    max_file_mb: float = Field(
        10.0, gt=0, allow_inf_nan=False, description="Larger files are skipped, in megabytes (10^6 bytes)."
    )
    chunk_size_chars: int = Field(1000, ge=100, le=20_000, description="Longest chunk, in characters.")
    chunk_overlap_chars: int = Field(200, ge=0, description="Overlap where a long section must be cut, in characters.")
    small_section_chars: int = Field(
        120,
        ge=0,
        description="A section of fewer characters shares a chunk with those beside it, as far as there is room; "
        "0 keeps each apart.",
    )
    keep_generations: int = Field(
        2, ge=1, description="How many generations an ingest leaves, the live one among them, for `footnote rollback`."
    )
    disk_check: bool = Field(
        True, description="Whether an ingest is refused that the disk has no room for, before it begins."
    )

    @field_validator("include", "exclude", "include_roots", mode="before")
    @classmethod
    def _split_globs(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("include")
    @classmethod
    def _names_some(cls, include: tuple[str, ...]) -> tuple[str, ...]:
        return include or MARKDOWN

    @field_validator("include_roots")
    @classmethod
    def _have_names_of_their_own(cls, roots: tuple[str, ...]) -> tuple[str, ...]:
        if NO_INCLUDES in roots and len(roots) > 1:
            raise ValueError("names folders and none: one or the other")
        folders = {Path(root).expanduser().resolve() for root in roots}
        names = Counter(folder.name for folder in folders)
        if twice := [name for name, count in names.items() if count > 1 or not name]:
            # Files of a root are named by it: `docs_src/first.py`.
            raise ValueError(f"has several folders called {twice[0] or '/'!r}: name the folder above one of them")
        return roots

    @model_validator(mode="after")
    def _overlap_is_small(self) -> "IngestSettings":
        if self.chunk_overlap_chars * 2 > self.chunk_size_chars:
            raise ValueError(
                f"FOOTNOTE_CHUNK_OVERLAP_CHARS must be at most half of FOOTNOTE_CHUNK_SIZE_CHARS, and is "
                f"{self.chunk_overlap_chars} of {self.chunk_size_chars}: set it to {self.chunk_size_chars // 2} or less"
            )
        return self

    @property
    def resolved_include_roots(self) -> tuple[str, ...]:
        """The folders of `include_roots` as absolute paths, in order; `("none",)` where nothing may be shown."""
        if self.include_roots == (NO_INCLUDES,):
            return self.include_roots
        return tuple(sorted({str(Path(root).expanduser().resolve()) for root in self.include_roots}))

    @property
    def max_file_bytes(self) -> int:
        """The size of the largest file that is read."""
        return int(self.max_file_mb * 1_000_000)
