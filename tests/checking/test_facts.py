"""Facts of a sentence, and whether passages hold them in any notation."""

import pytest

from footnote.app.checking.facts import Evidence, facts


def missing(sentence: str, *passages: str) -> list[str]:
    evidence = Evidence(passages)
    return sorted(fact.text for fact in facts(sentence) if not evidence.holds(fact))


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("It keeps 1000 rows.", "It keeps 1,000 rows."),
        ("It keeps 1,000 rows.", "It keeps 1_000 rows."),
        ("It makes two tries.", "It makes 2 tries."),
        ("It makes 3 tries.", "It makes three tries."),
        ("The share is 5 percent.", "The share is 5%."),
        ("Wait 300 seconds.", "Wait 5 minutes."),
        ("Wait 5 minutes.", "`timeout: 5m`"),
        ("The limit is 250 MB.", "The limit is 250 megabytes."),
        ("The factor is 1.", "The factor is 1.0."),
        ("Support ends on 31 July 2026.", "| 3.5 | 2026-07-31 |"),
        ("Support ends in July 2026.", "It ends on July 31, 2026."),
        ("Backups run at 2:00 am.", "Backups run at 02:00."),
        ("Python 3.10 is meant.", "Such as 3.10.8 is."),
        ("Since v3.0 it is so.", "Since Prometheus 3.0 it is so."),
        ("Pass `--no-cache`.", "With --no-cache nothing is read."),
        ("Set `tool.uv.cache-keys`.", "[tool.uv]\ncache-keys = []"),
        ("Use foo >= 1.2, <2.", "It equals `foo >=1.2,<2`."),
        ("Run `uv auth token <host>`.", "the `uv auth token` command"),
        ('It says "not found".', "It says “Not **found**”."),
        ("Set `honor_labels` to `true`.", "honor_labels: true"),
        ("Set `a_b = false`.", "It is `a_b=true` or `a_b=false`."),
        ("Set `a_b` to false.", "`a_b` turns it off."),
        ("`a_b` defaults to false.", "`c_d` defaults to true; set `a_b`."),
        ("managed = false", "managed=false"),
        ("Read http://a.example/b.", "at <http://a.example/b>"),
        ("```bash\nuv sync  # it takes a while\n```", "Run `uv sync`."),
    ],
)
def test_another_notation_is_the_same_fact(sentence, passage):
    assert facts(sentence)
    assert missing(sentence, passage) == []


@pytest.mark.parametrize(
    ("sentence", "passage", "fact"),
    [
        ("It keeps 1001 rows.", "It keeps 1,000 rows.", "1001"),
        ("Wait 5 hours.", "Wait 5 minutes.", "5 hours"),
        ("It is 5 KiB.", "It is 5 KB.", "5 KiB"),
        ("It needs v1.10.", "It needs v1.1.", "v1.10"),
        ("It needs Python 3.10.", "It needs Python 3.1.", "3.10"),
        ("It needs 1.2.4.", "It needs 1.2.3.", "1.2.4"),
        ("Since 8.x it is so.", "Since 3.x it is so.", "8.x"),
        ("It reports -1.", "It reports 1.", "-1"),
        ("Pass `--cache`.", "Pass `--cache-dir`.", "--cache"),
        ("Pass --web.other.", "Pass --web.config.", "--web.other"),
        ("Set UV_CACHE.", "Set `UV_CACHE_DIR`.", "UV_CACHE"),
        ("Set `uv_cache_dir`.", "Set `UV_CACHE_DIR`.", "uv_cache_dir"),
        ("Use `foo>=1,<3`.", "Use `foo>=1,<2`.", ">=1,<3"),
        ("Edit ~/.config/b.toml.", "Edit ~/.config/a.toml.", "~/.config/b.toml"),
        ("Set it to `manual`.", "Set it to `automatic`.", "manual"),
        ("Read http://a.example:9095/b.", "at http://a.example:9090/b", "http://a.example:9095/b"),
        ('It says "not found".', "It says nothing.", '"not found"'),
        ("It ends on 2026-07-30.", "It ends on 31 July 2026.", "2026-07-30"),
        ("Set `UV_OFFLINE=false`.", "Set `UV_OFFLINE=true`, and `a_b=false`.", "UV_OFFLINE=false"),
        ("Set `honor_labels` to false.", "honor_labels: true", "honor_labels` to false"),
    ],
)
def test_another_fact_is_missing(sentence, passage, fact):
    assert fact in missing(sentence, passage)


@pytest.mark.parametrize("sentence", ["No one said so, e.g. nobody.", "It is read and/or written.", "Ask again: why?"])
def test_plain_words_are_no_facts(sentence):
    assert facts(sentence) == ()


def test_a_fact_may_stand_in_any_of_several_passages():
    assert missing("Set `A_B` to 7.", "Set `A_B`.", "The default is 7.") == []


def test_each_fact_is_told_once():
    assert [fact.text for fact in facts("`A_B` and A_B and `A_B`")] == ["A_B"]


@pytest.mark.parametrize("part", ["_3", ".3", "-3", "__", "_a.b", "=a", " to a"])
def test_what_a_model_repeats_for_ever_is_read_in_no_time(part):
    """A name of 30 underscores took an hour: each was read in two ways."""
    assert facts(f"`numpy.py_2{part * 200}")
