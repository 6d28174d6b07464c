"""Verdicts on sentences, and what becomes of the unsupported and the unverified ones."""

import pytest

from footnote.app.answering.answerer import REFUSAL_TEXT, Draft
from footnote.app.answering.citations import cite, resolve_markers
from footnote.app.checking.alignment import reading
from footnote.app.checking.checker import Checker
from footnote.app.checking.support import EntailmentSupport, make_entailment
from footnote.app.checking.verdicts import MARK, MARK_UNSUPPORTED, NOT_SUPPORTED, SAID_BEFORE, Policy, checked
from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.core.text.analysis import terms
from footnote.app.core.text.passages import in_context, passages
from footnote.app.core.text.term_counts import TermCounts
from tests.builders import make_hit
from tests.engine.test_engine import PORT

NETWORK = (
    "`RELAY_PORT` is the port that Relay listens on. The default is 7070. Ports below 1024 need root.\n\n"
    "`RELAY_HOST` is the address that Relay binds to. Encryption is enabled before a message is sent."
)
BACKUPS = "Backups run every night at 02:00. They are kept for 30 days and are not encrypted."
PASSAGE = f"Configuration > Network\n\n{NETWORK}"
TERMS = TermCounts(100, lambda term: 2 * (term in frozenset(terms(NETWORK + BACKUPS))))


@pytest.fixture(scope="module")
def checker():
    return Checker(None, TERMS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Relay listens on port 7070.",
        "The port is set by `RELAY_PORT`, which is 7070 by default.",
        "Ports under 1,024 need root.",
        "`RELAY_PORT` is the port that Relay listens on.",
        "12. Ports under 1,024 need root.",
        "- 3) Ports under 1,024 need root.",
    ],
)
def test_what_the_passage_says_is_supported(checker, sentence):
    assert checker.judge(sentence, [PASSAGE]).verdict == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Question: On which port does Relay listen?",
        "(Is `RELAY_PORT` the port that Relay listens on?)",
    ],
)
def test_what_asks_proves_nothing(checker, sentence):
    judgement = checker.judge(sentence, [PASSAGE])
    assert (judgement.verdict, judgement.reason) == ("not checkable", "it asks, and states nothing")
    assert checker.judge("Did you know that Relay listens on port 7071?", [PASSAGE]).verdict == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Relay listens on port 7071.", "7071 not in the passage"),
        ("Relay listens on port 7070 with --force.", "--force not in the passage"),
        ("`RELAY_SOCKET` is the port that Relay listens on.", "RELAY_SOCKET not in the passage"),
        ("Relay listens on the port that Grafana names.", "Grafana not in the passage"),
        ("Ports below 1024 do not need root.", "the passage says the opposite (not root)"),
        ("Encryption is disabled before a message is sent.", "the passage says the opposite (disabled)"),
        ("Encryption is enabled after a message is sent.", "the passage says the opposite (after)"),
        (
            "Accounts of colleagues are closed on the last working day of their contract.",
            "not found: Accounts, closed, colleagues, contract, day, last",
        ),
    ],
)
def test_what_the_docs_contradict_or_do_not_know_is_unsupported_with_a_reason(checker, sentence, reason):
    judgement = checker.judge(sentence, [PASSAGE])
    assert (judgement.verdict, judgement.reason) == ("unsupported", reason)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Relay listens on the blue port of the harbour.", "not found: blue, harbour"),
        ("Relay listens on port 7070 because hackers expect it.", "not found: because, expect, hackers"),
        ("Relay listens on the port that Backups names.", "not found: Backups"),
        ("To fix this, delete the database:", "not found: database, delete, fix"),
        ("Ports need no root when `RELAY_HOST` listens.", "not found: not root"),
    ],
)
def test_what_is_merely_not_found_is_unverified_with_a_reason(checker, sentence, reason):
    judgement = checker.judge(sentence, [PASSAGE])
    assert (judgement.verdict, judgement.reason) == ("unverified", reason)


@pytest.mark.parametrize(
    "sentence",
    [
        "You can set `RELAY_HOST` to an address, e.g. `box-17`.",
        "Relay binds to both the address and the port.",
        "```bash\nexport RELAY_PORT=9090\nsudo systemctl restart my-unit\n```",
        '```toml\nRELAY_HOST = "my-own-name.example"\n```',
    ],
)
def test_examples_and_values_in_code_may_be_an_answers_own(checker, sentence):
    assert checker.judge(sentence, [PASSAGE]).verdict == "supported"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("```bash\nrelay --force\n```", "unsupported"),
        ("```bash\nrelayctl start\n```", "unverified"),
        ('```toml\nRELAY_SOCKET = "x"\n```', "unverified"),
        ("Use a flag, for example `--force`.", "unsupported"),
    ],
)
def test_flags_commands_and_keys_in_code_are_the_docs(checker, sentence, verdict):
    assert checker.judge(sentence, [PASSAGE]).verdict == verdict


def test_a_removed_negation_is_the_opposite(checker):
    passage = "Relay does not merge the configuration files of several folders."
    assert checker.judge("The configuration files of several folders are not merged.", [passage]).verdict == "supported"
    judgement = checker.judge("Relay merges the configuration files of several folders.", [passage])
    assert judgement.reason == "the passage says the opposite (merges)"


def test_on_is_the_opposite_of_off_but_not_in_front_of_a_place(checker):
    passage = "Logging is on by default. Messages are not kept in memory or on disk."
    assert checker.judge("Logging is off by default.", [passage]).reason == "the passage says the opposite (off)"
    assert checker.judge("Messages are not kept on disk.", [passage]).verdict == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes.",
        "No",
        "...",
        "The sources do not say who wrote it.",
        "Unfortunately, this is not documented.",
        "Here are the steps:",
        "**Example:**",
        "You can do this in two ways:",
        "To configure the port, follow these steps:",
        "I hope this helps! Let me know if you have further questions.",
    ],
)
def test_what_says_nothing_of_the_docs_is_not_checkable(checker, sentence):
    assert checker.judge(sentence, [PASSAGE], "Which port?").verdict == "not checkable"


@pytest.mark.parametrize("again", ["let me know if ", "yes no none ", "docs do not ", "no say ", "** ", "- ", "`"])
def test_no_sentence_takes_longer_than_it_is_long(checker, again):
    assert checker.judge(again * 400 + "\n#", [PASSAGE]).verdict


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The answer is 7070.", "supported"),
        ("The answer is 7071.", "unsupported"),
        ("To fix this, set `RELAY_X`:", "unsupported"),
    ],
)
def test_words_that_frame_an_answer_hide_nothing_it_states(checker, sentence, verdict):
    assert checker.judge(sentence, [PASSAGE], "Which port?").verdict == verdict


def test_a_name_of_the_question_alone_is_unverified(checker):
    said = "Relay listens on port 7070, for box-17 in `my_box.toml`."
    assert checker.judge(said, [PASSAGE]).verdict == "unsupported"
    judgement = checker.judge(said, [PASSAGE], "Which port for box-17 in my_box.toml?")
    assert (judgement.verdict, judgement.reason) == (
        "unverified",
        "not found: my_box.toml (only in the question), 17 (only in the question)",
    )


def test_without_citation_nothing_supports_it(checker):
    judgement = checker.judge("Relay listens on port 7070.", [])
    assert (judgement.verdict, judgement.reason) == ("unsupported", "it cites nothing")


def test_every_quote_of_the_corpus_is_supported_by_construction(guide_index, engine):
    strict = Checker(_Constant(0.0), TERMS)
    for chunk in engine.index.chunks.all_chunks():
        for passage in passages(chunk):
            assert strict.judge(passage.text, [in_context(chunk, passage)]).verdict == "supported"
    answer = engine.ask(PORT)
    assert [sentence.verdict for sentence in answer.sentences] == ["supported"] * len(answer.citations)


class _Constant:
    """A support model that always says the same."""

    def __init__(self, value: float) -> None:
        self._value = value

    def support(self, sentence, read, question):
        return self._value


@pytest.mark.parametrize(("value", "verdict"), [(0.1, "unverified"), (0.5, "supported"), (0.9, "supported")])
def test_the_support_models_number_becomes_a_verdict(value, verdict):
    assert Checker(_Constant(value), TERMS).judge("The port is 7070 here.", [PASSAGE]).verdict == verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Dienst lauscht auf Port {}, und die Einstellung dafür ist `RELAY_PORT`, wie sie in der Datei steht.",
        "Le service est sur le port {} et il faut une autre option pour que cela ne soit pas le cas.",
        "Сервер слушает порт {} на этой машине, а для других нужно задать другой адрес.",
        "リレーはポート{}で待ち受けます。",
    ],
)
def test_of_a_sentence_in_another_language_only_its_facts_are_compared(checker, sentence):
    passages = [PASSAGE, "It can also be set for one run, with the flag of that name, or in the file next to the data."]
    judgement = checker.judge(sentence.format(7070), passages)
    assert (judgement.verdict, judgement.reason[:26]) == ("unverified", "in another language than t")
    assert checker.judge(sentence.format(7071), passages).verdict == "unsupported"


def test_a_german_noun_is_no_name():
    rules = Checker(None, TERMS)
    passage = "Der Dienst macht jede Nacht eine Sicherung und legt sie in den Ordner. Das ist nicht abschaltbar."
    assert rules.judge("Der Rechner legt jede Nacht eine Sicherung in den Ordner.", [passage]).verdict == "supported"
    assert rules.judge("The computer puts a backup into the folder of Anna.", ["The backup is in a folder."]).reason


HITS = (make_hit(NETWORK, path="configuration.md"), make_hit(BACKUPS, path="backups.md"))


def answer_of(text: str, checker: Checker, **policy: str) -> Draft:
    sources = [cite(number, hit.chunk, None, 1) for number, hit in enumerate(HITS, 1)]
    resolved = resolve_markers(text, sources)
    draft = Draft(resolved.text, resolved.sentences, resolved.citations, 0, None)
    return checked(draft, "How is it set up?", HITS, checker, Policy(**policy), 1)


def test_an_unsupported_sentence_is_dropped_with_its_citation(checker):
    draft = answer_of("Relay listens on port 7070 [1]. Backups are kept for 90 days [2].", checker)
    assert (draft.text, draft.refused) == ("Relay listens on port 7070 [1].", False)
    assert [(one.text, one.verdict) for one in draft.sentences] == [("Relay listens on port 7070.", "supported")]
    assert [citation.number for citation in draft.citations] == [1]
    assert [(one.text, one.reason) for one in draft.dropped] == [
        ("Backups are kept for 90 days.", "90 days not in the passage")
    ]


def test_what_is_said_again_is_no_second_proof_and_stays_where_it_was(checker):
    text = "Relay listens on port 7070 [1]. relay listens  on port 7070 [1].\n\n- Relay listens on port 7070 [1]."
    draft = answer_of(text, checker)
    assert draft.text == text and len(draft.citations) == 1
    assert [(one.verdict, one.reason, one.citations) for one in draft.sentences] == [
        ("supported", "", (1,)),
        ("not checkable", SAID_BEFORE, (1,)),
        ("not checkable", SAID_BEFORE, (1,)),
    ]
    assert not draft.refused and draft.dropped == ()


def test_an_answer_that_only_asks_is_a_refusal(checker):
    draft = answer_of("Question: On which port does Relay listen [1]?", checker)
    assert draft.refused


def test_a_list_item_goes_as_a_whole(checker):
    draft = answer_of(
        "Facts:\n\n- Relay listens on port 7070 [1].\n- Relay is written in Cobol [1].\n- Backups run at 02:00 [2].",
        checker,
    )
    assert draft.text.endswith("- Relay listens on port 7070 [1].\n- Backups run at 02:00 [2].")


def test_the_numbers_of_a_list_close_up_where_an_item_goes(checker):
    text = (
        "1. Relay listens on port 7070 [1].\n2. Relay is written in Cobol [1].\n3. Backups run at 02:00 [2].\n"
        "   1. Relay is written in Haskell.\n   2. They are kept for 30 days [2].\n"
        "4. Relay is written in Fortran. Ports below 1024 need root [1]."
    )
    draft = answer_of(text, checker)
    assert draft.text == (
        "1. Relay listens on port 7070 [1].\n2. Backups run at 02:00 [2].\n   1. They are kept for 30 days [3].\n"
        "3. Ports below 1024 need root [4]."
    )
    assert [one.text for one in draft.sentences] == [
        "1. Relay listens on port 7070.",
        "2. Backups run at 02:00.",
        "1. They are kept for 30 days.",
        "Ports below 1024 need root.",
    ]
    assert [one.text for one in draft.dropped] == [
        "2. Relay is written in Cobol.",
        "1. Relay is written in Haskell.",
        "4. Relay is written in Fortran.",
    ]


def test_what_is_unverified_is_marked_kept_or_dropped(checker):
    text = "Relay listens on port 7070 [1]. Relay is blue."
    marked = answer_of(text, checker)
    assert marked.text == f"Relay listens on port 7070 [1]. Relay is blue {MARK}."
    assert [one.verdict for one in marked.sentences] == ["supported", "unverified"]
    assert "is blue." in answer_of(text, checker, unverified="keep").text
    dropped = answer_of(text, checker, unverified="drop")
    assert (dropped.text, [one.text for one in dropped.dropped]) == (
        "Relay listens on port 7070 [1].",
        ["Relay is blue."],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Relay listens on port 7070 [1].\n\nIt is also known for:\n\n- written in Cobol\n- and in that of Haskell",
        "Relay listens on port 7070 [1].\n\n**Languages:**\n\n1. Written in Cobol\n   - Not in Haskell",
        "Relay listens on port 7070 [1].\n\n| Language | Since |\n|---|---|\n| Cobol | 1959 |",
    ],
)
def test_what_introduces_only_what_is_cut_goes_with_it(checker, text):
    assert answer_of(text, checker).text == "Relay listens on port 7070 [1]."


@pytest.mark.parametrize(
    ("sentence", "new"), [("Relay deletes ports.", "deletes"), ("Relay keeps the ports.", "keeps")]
)
def test_words_of_the_question_prove_nothing(checker, sentence, new):
    judgement = checker.judge(sentence, [PASSAGE], "What does Relay do?")
    assert (judgement.verdict, judgement.reason) == ("unverified", f"not found: {new}")


def test_a_lead_in_does_not_introduce_what_stands_below_its_list(checker):
    table = "| `RELAY_PORT` | Relay listens on it [1] |\n|---|---|\n| 7070 | default |"
    assert answer_of(f"It is also known for:\n\n- written in Cobol\n\n{table}", checker).text.startswith(
        "| `RELAY_PORT`"
    )


def test_what_is_unverified_cites_the_whole_of_what_it_was_written_from(checker):
    draft = answer_of("Relay listens on port 7070 [1]. Relay is blue [1].", checker)
    assert [(one.verdict, one.citations) for one in draft.sentences] == [("supported", (1,)), ("unverified", (2,))]
    assert draft.citations[1].quote == NETWORK


def test_a_row_is_marked_within_its_last_cell(checker):
    table = "| Setting | Purpose |\n|---|---|\n| `RELAY_PORT` | the blue port of the harbour |"
    assert answer_of(table, checker).text.endswith("| the blue port of the harbour [?] |")


def test_a_lead_in_stays_with_what_it_introduces(checker):
    text = "These are set:\n\n- `RELAY_PORT` is the port that Relay listens on [1].\n- written in Cobol"
    assert answer_of(text, checker).text.startswith("These are set:\n\n- `RELAY_PORT`")


def test_the_header_of_a_table_stays(checker):
    table = "| Setting | Purpose |\n|---|---|\n| `RELAY_PORT` | the port Relay listens on | [1]"
    draft = answer_of(table, checker)
    assert draft.text == table
    assert [one.verdict for one in draft.sentences] == ["not checkable", "not checkable", "supported"]


def test_an_unsupported_sentence_can_be_marked(checker):
    draft = answer_of("Relay listens on port 7070 [1]. Backups are kept for 90 days [2].", checker, unsupported="mark")
    assert draft.text == f"Relay listens on port 7070 [1]. Backups are kept for 90 days [2]{MARK_UNSUPPORTED}."
    assert [one.verdict for one in draft.sentences] == ["supported", "unsupported"]
    assert draft.dropped == ()


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("Relay listens on port 7070 [1]. Backups are kept for 90 days [2].", "refuse"),
        ("Backups are kept for 90 days [2].", "drop"),
        ("Yes. Backups are kept for 90 days [2].", "drop"),
    ],
)
def test_an_answer_without_support_is_a_refusal(checker, text, policy):
    draft = answer_of(text, checker, unsupported=policy)
    assert (draft.text, draft.refused_by, draft.refusal_reason) == (REFUSAL_TEXT, "check", NOT_SUPPORTED)
    assert (draft.sentences, draft.citations) == ((), ())
    assert [one.text for one in draft.dropped] == ["Backups are kept for 90 days."]


@pytest.mark.parametrize("text", ["Backups are kept for 30 days.", "Backups are kept for 30 days [1]."])
def test_a_sentence_is_cited_to_the_passage_that_supports_it(checker, text):
    draft = answer_of(text, checker)
    assert draft.text == "Backups are kept for 30 days [1]."
    assert [(one.citations, one.verdict) for one in draft.sentences] == [((1,), "supported")]
    assert [(citation.number, citation.path) for citation in draft.citations] == [(1, "backups.md")]


def test_each_citation_quotes_what_supports_its_sentence_and_is_numbered_in_order(checker):
    draft = answer_of(
        "They are kept for 30 days [2]. Ports below 1024 need root [1]. They are not encrypted [2]. Backups run at "
        "02:00 [2].",
        checker,
    )
    assert draft.text == (
        "They are kept for 30 days [1]. Ports below 1024 need root [2]. They are not encrypted [1]. Backups run at "
        "02:00 [3]."
    )
    assert [(citation.number, citation.quote) for citation in draft.citations] == [
        (1, "They are kept for 30 days and are not encrypted."),
        (2, "Ports below 1024 need root."),
        (3, "Backups run every night at 02:00."),
    ]


def test_a_citation_that_supports_nothing_goes(checker):
    draft = answer_of(
        "Relay listens on port 7070 [1][2]. Backups run at 02:00 and ports below 1024 need root [1][2].", checker
    )
    assert [len(one.citations) for one in draft.sentences] == [1, 2]
    assert [citation.path for citation in draft.citations] == ["configuration.md", "configuration.md", "backups.md"]


@pytest.mark.parametrize("policy", ["drop", "mark", "refuse"])
@pytest.mark.parametrize("text", ["", "Yes.", "The sources do not say who wrote it [1]."])
def test_an_answer_that_states_nothing_is_a_refusal(checker, text, policy):
    draft = answer_of(text, checker, unsupported=policy)
    assert (draft.text, draft.refused, draft.citations) == (REFUSAL_TEXT, True, ())


def test_a_supported_answer_keeps_its_text(checker):
    text = "Relay listens on port 7070. [1]\n\n```console\n$ echo  7070\n```\n[1]"
    assert answer_of(text.replace("echo  ", "RELAY_PORT  "), checker).text == text.replace("echo  ", "RELAY_PORT  ")


class RemoteEntailment:
    """Stands for the weights from the Hugging Face hub, which no test can reach: a CrossEncoder with three labels."""

    class config:  # noqa: N801
        id2label = {0: "contradiction", 1: "entailment", 2: "neutral"}

    def __init__(self, name: str, device: str) -> None:
        self.name = name

    def predict(self, pairs, **options):
        assert options["apply_softmax"]
        return [
            [0.1, 0.8, 0.1] if "7070" in premise and "7070" in claim else [0.9, 0.05, 0.05] for premise, claim in pairs
        ]


def test_an_entailment_model_takes_the_place_of_the_reranker(monkeypatch):
    module = type("sentence_transformers", (), {"CrossEncoder": RemoteEntailment})
    monkeypatch.setattr("footnote.app.checking.support.import_sentence_transformers", lambda: module)
    support = make_entailment(load_settings(env_file=None, entailment="st:acme/nli").check.entailment)
    read = reading((PASSAGE,))
    assert support.support("The port is 7070.", read, "") == 0.8
    assert support.support("The port is open.", read, "") == 0.05
    monkeypatch.setattr(RemoteEntailment.config, "id2label", {0: "relevant"})
    with pytest.raises(ModelError, match="has no label `entailment`"):
        EntailmentSupport("acme/reranker")


def test_an_entailment_setting_is_none_or_a_model_of_sentence_transformers():
    assert make_entailment(load_settings(env_file=None).check.entailment) is None
    with pytest.raises(SettingsError, match="use `none` or `st:<model>`"):
        make_entailment(load_settings(env_file=None, entailment="acme/nli").check.entailment)
