"""Collections: the settings of each, and which one is meant."""

from pathlib import Path

import pytest

from footnote.app.access.keys.store import keys_folder
from footnote.app.core.collections import collection_settings, collections_asked, load_collections, served_settings
from footnote.app.core.errors import CollectionUnknownError, SettingsError
from footnote.app.core.settings import as_environment, load_settings

TWO = "[collections.one]\ndocs = 'one'\ntop_k = 6\n[collections.two]\ndocs = 'two'\ntitle = 'The second'\n"


@pytest.fixture
def project(tmp_path):
    """Writes a footnote.toml elsewhere than in the working folder."""

    def write(text):
        file = tmp_path / "project" / "footnote.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        return str(file)

    return write


def test_a_collection_that_is_served_alone_asks_for_the_keys_of_all(project, tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(tmp_path / "db"))
    alone = served_settings("two", config=project(TWO))
    assert keys_folder(alone) == keys_folder(load_settings()) == tmp_path / "db"
    assert alone.folders.index_dir == tmp_path / "db" / "collections" / "two"


def test_without_a_file_there_is_one_with_the_settings_as_they_are():
    (only,) = load_collections()
    assert (only.name, only.title, only.public) == ("docs", "", False)
    assert only.settings == load_settings()


def test_each_has_a_folder_of_its_own_beside_the_file_and_an_index_of_its_own(project, tmp_path):
    one, two = load_collections(config=project(TWO))
    assert (one.name, one.title, two.name, two.title) == ("one", "one", "two", "The second")
    assert one.settings.folders.docs_dir == tmp_path / "project" / "one"
    assert one.settings.folders.index_dir == Path("chroma_db/collections/one")
    (only,) = load_collections(config=project("[collections.one]\ndocs='/srv/one'\nindex='db'"))
    assert only.settings.folders.docs_dir == Path("/srv/one")
    assert only.settings.folders.index_dir == tmp_path / "project" / "db"


def test_docs_in_a_repository_have_their_address(project):
    (only,) = load_collections(config=project("[collections.one]\ndocs='git+https://host.example/site#main:docs'"))
    assert only.settings.folders.git.branch == "main"


def test_a_flag_goes_before_the_file_and_that_before_the_environment(project, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_TOP_K", "9")
    monkeypatch.setenv("FOOTNOTE_RERANK_DEPTH", "20")
    file = project(TWO)
    one, two = load_collections(config=file)
    assert (one.settings.search.top_k, two.settings.search.top_k) == (6, 9)
    assert one.settings.search.rerank_depth == 20
    assert [each.settings.search.top_k for each in load_collections(config=file, top_k=3)] == [3, 3]


def test_the_models_of_a_profile_go_before_single_models_of_the_environment(project, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "openai:other")
    file = project("[collections.one]\ndocs='one'\nmodels='multilingual'\n[collections.two]\ndocs='two'")
    one, two = load_collections(config=file)
    assert one.settings.models.embedder == "st:intfloat/multilingual-e5-small"
    assert one.settings.models.query_prefix == "query: "
    assert two.settings.models.embedder == "openai:other"


def test_the_adapter_of_a_collection_goes_with_its_model(project):
    file = project("[collections.one]\ndocs='one'\nllm='base.gguf'\nllm_adapter='tuned.gguf'")
    (one,) = load_collections(config=file)
    assert Path(one.settings.llm.name).parent == Path(one.settings.llm.adapter).parent == Path(file).parent
    (other,) = load_collections(config=file, llm="extractive")
    assert (other.settings.llm.name, other.settings.llm.adapter) == ("extractive", "none")


def test_a_model_in_a_folder_beside_the_file_is_found_there(project, tmp_path):
    (tmp_path / "project" / "models" / "mine").mkdir(parents=True)
    file = project("[collections.one]\ndocs='one'\nembedder='models/mine'\nreranker='none'\nllm='extractive'")
    (one,) = load_collections(config=file)
    assert one.settings.models.embedder == str(tmp_path / "project" / "models" / "mine")
    assert (one.settings.models.reranker, one.settings.llm.name) == ("none", "extractive")


def test_folders_of_included_files_lie_beside_the_file(project):
    file = project(
        "[collections.one]\ndocs='one'\ninclude_roots='src, code'\n[collections.two]\ndocs='two'\ninclude_roots='none'"
    )
    one, two = load_collections(config=file)
    beside = Path(file).parent
    assert one.settings.ingest.include_roots == (str(beside / "src"), str(beside / "code"))
    assert two.settings.ingest.include_roots == ("none",)


def test_a_wrong_value_names_file_collection_and_setting(project):
    with pytest.raises(SettingsError) as raised:
        load_collections(config=project("[collections.one]\ndocs='one'\ntop_k=0"))
    assert "footnote.toml: [collections.one] top_k: Input should be greater" in str(raised.value)


def test_a_wrong_value_that_the_file_does_not_have_keeps_its_name(project):
    with pytest.raises(SettingsError, match="FOOTNOTE_RERANK_DEPTH: Input should be"):
        load_collections(config=project(TWO), rerank_depth=-1)


def test_two_of_one_index_folder_are_refused(project):
    file = project("[collections.one]\ndocs='one'\nindex='db'\n[collections.two]\ndocs='two'\nindex='x/../db'")
    with pytest.raises(SettingsError, match=r"\[collections\.two\] has the index folder of one, "):
        load_collections(config=file)


def test_which_one_is_meant(project):
    file = project(TWO)
    assert collection_settings("two", config=file).folders.index_dir.name == "two"
    with pytest.raises(SettingsError, match="say which collection with --collection: one, two"):
        collection_settings(None, config=file)
    with pytest.raises(CollectionUnknownError, match=r"no collection 'three': .*footnote\.toml names one, two"):
        collection_settings("three", config=file)
    with pytest.raises(CollectionUnknownError, match=r"without a footnote\.toml there is docs"):
        collection_settings("three")
    assert [one.name for one in collections_asked(None, config=file)] == ["one", "two"]
    assert [one.name for one in collections_asked("two", config=file)] == ["two"]


def test_an_index_folder_that_a_flag_names_is_one_by_itself(project):
    file = project(TWO)
    assert collection_settings(None, config=file, index_dir=Path("mine")).folders.index_dir == Path("mine")
    assert [one.name for one in collections_asked(None, config=file, index_dir=Path("mine"))] == ["docs"]
    for settings_of in (collection_settings, collections_asked, served_settings):
        with pytest.raises(SettingsError, match="give --collection, or --index-dir"):
            settings_of("one", config=file, index_dir=Path("mine"))


def test_a_child_process_is_about_its_collection_alone(project, monkeypatch):
    settings = collection_settings("one", config=project(TWO))
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    (only,) = load_collections()
    assert only.settings.folders == settings.folders
    assert only.settings.search == settings.search
