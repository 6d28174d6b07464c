"""overview: what the page in the browser begins with, of an open index.

files -> folders, tags; headings of some files -> suggested questions
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import PurePosixPath

from footnote.app.core.settings import Settings
from footnote.app.evaluation.drafting.by_rule import question_of_heading
from footnote.app.index.filters import tags_of
from footnote.app.index.manifest import FileRecord
from footnote.app.index.reader import Index
from footnote.app.schemas.overview import FolderOut, OverviewOut, TagOut

# Guesses, as are the lengths below: a list that can be looked through, and some milliseconds for the largest index.
MAX_FOLDERS, MAX_TAGS, MAX_QUESTIONS = 60, 40, 6
_MAX_FILES_READ, _MAX_CHUNKS_READ = 40, 8
_QUESTION_CHARS = (12, 70)
_TITLE_CHARS = (6, 50)
_NO_SUBJECT = {
    "index",
    "readme",
    "home",
    "overview",
    "introduction",
    "changelog",
    "license",
    "contributing",
    "untitled",
}


def overview_of(index: Index, settings: Settings) -> OverviewOut:
    """What can be asked of the index, and what else the service does."""
    files = list(index.files.values())
    given = settings.service.suggested_questions
    return OverviewOut(
        generation=index.generation,
        created_at=index.manifest.created_at,
        files=index.manifest.files,
        folders=_folders(files),
        tags=_tags(files),
        questions=[one.strip() for one in given.split("|") if one.strip()] if given else _questions(index, files),
        keeps_questions=settings.questions.keep or settings.kept_answers.keep,
        can_share=settings.sharing.save,
        can_ingest=settings.service.admin_key is not None,
    )


def overview_of_several(each: Sequence[OverviewOut]) -> OverviewOut:
    """What can be asked of several collections together: their folders and tags are those of a filter of all."""
    folders: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for one in each:
        folders.update({folder.path: folder.files for folder in one.folders})
        tags.update({tag.tag: tag.files for tag in one.tags})
    in_turn = (question for turn in zip_longest(*(one.questions for one in each)) for question in turn if question)
    return OverviewOut(
        generation=0,
        created_at=max(one.created_at for one in each),
        files=sum(one.files for one in each),
        folders=[FolderOut(path=path, files=count) for path, count in sorted(folders.most_common(MAX_FOLDERS))],
        tags=[TagOut(tag=tag, files=count) for tag, count in tags.most_common(MAX_TAGS)],
        questions=list(dict.fromkeys(in_turn))[:MAX_QUESTIONS],
        keeps_questions=any(one.keeps_questions for one in each),
        can_share=any(one.can_share for one in each),
        can_ingest=any(one.can_ingest for one in each),
    )


def _folders(files: Iterable[FileRecord]) -> list[FolderOut]:
    counts: Counter[str] = Counter()
    for file in files:
        parts = PurePosixPath(file.path).parts[:-1]
        counts.update("/".join(parts[:depth]) + "/" for depth in range(1, min(2, len(parts)) + 1))
    return [FolderOut(path=path, files=count) for path, count in sorted(counts.most_common(MAX_FOLDERS))]


def _tags(files: Iterable[FileRecord]) -> list[TagOut]:
    counts: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    for file in files:
        names = tags_of(file.metadata)
        counts.update({name.casefold() for name in names})
        spellings |= {name.casefold(): name for name in names}
    most = sorted(counts, key=lambda name: (-counts[name], name))[:MAX_TAGS]
    return [TagOut(tag=spellings[name], files=counts[name]) for name in most]


def _questions(index: Index, files: list[FileRecord]) -> list[str]:
    """Questions that headings ask or name, one a page and spread over the folders; titles where there are too few."""
    chosen = list(_spread(files))[:_MAX_FILES_READ]
    ids = [one for file in chosen for one in file.chunk_ids[:_MAX_CHUNKS_READ]]
    chunks = index.chunks.get(ids)
    asked: dict[str, None] = {}
    for file in chosen:
        headings = (chunks[one].heading_path[-1:] for one in file.chunk_ids[:_MAX_CHUNKS_READ] if one in chunks)
        questions = (question_of_heading(heading) for path in headings for heading in path)
        found = next((one for one in questions if one and _fits(one, _QUESTION_CHARS)), None)
        asked |= dict.fromkeys([found] if found else [])
    titles = (file.title for file in chosen if file.title.casefold() not in _NO_SUBJECT)
    asked |= dict.fromkeys(title for title in titles if _fits(title, _TITLE_CHARS) and len(asked) < MAX_QUESTIONS)
    return list(asked)[:MAX_QUESTIONS]


def _fits(text: str, chars: tuple[int, int]) -> bool:
    return chars[0] <= len(text) <= chars[1]


def _spread(files: Iterable[FileRecord]) -> Iterator[FileRecord]:
    """The files, a folder after the other in turn."""
    folders: defaultdict[str, list[FileRecord]] = defaultdict(list)
    for file in files:
        folders[file.path.rpartition("/")[0]].append(file)
    for place in range(max(map(len, folders.values()), default=0)):
        yield from (files[place] for files in folders.values() if place < len(files))
