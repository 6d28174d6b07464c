"""names: what a question takes for the product's own name, and what it brings along itself."""

import pytest

from footnote.app.premises.names import product_names


def names(question):
    return [name.text for name in product_names(question, lambda term: 0.9 if term == "relay" else 0.01)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do I set the `--turbo` flag?", ["--turbo"]),
        ("What does relay start --eager do?", ["--eager"]),
        ("Does --no-wait work with --eager?", ["--no-wait", "--eager"]),
        ("Which values can RELAY_COLOUR take?", ["RELAY_COLOUR"]),
        ("RELAY_COLOUR=blue does nothing, why?", ["RELAY_COLOUR"]),
        ("What does `relay doctor` check?", ["relay doctor"]),
        ("what does the relay doctor command check", ["relay doctor"]),
        ("What does `relay queue freeze` do?", ["relay queue", "relay queue freeze"]),
        ("How do I use the max_queue_age setting?", ["max_queue_age"]),
        ("what is the default of max_queue_age", ["max_queue_age"]),
        ("How does max_queue_age work?", ["max_queue_age"]),
        ("What are the parameters of the QueueCleaner class?", ["QueueCleaner"]),
        ("How do I call relay.flush_all()?", ["relay.flush_all"]),
        ("How do I use the lock-on-save option?", ["lock-on-save"]),
        ("Where does Relay put its relay.override.toml?", ["relay.override.toml"]),
        ("How do I use the QueueCleaner class?", ["QueueCleaner"]),
        ("Which values does QUEUE_COLOUR accept?", ["QUEUE_COLOUR"]),
        ("How do I use the max_size argument of Queue?", ["max_size"]),
        ("How do I import QueueCleaner?", ["QueueCleaner"]),
    ],
)
def test_a_name_used_as_the_products_is_one(question, expected):
    assert names(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How do I send to my_service from foo_db?",
        "I have a queue called orders_v2, how do I empty it?",
        "What does my_queue_name do?",
        "How do I deploy my QueueCleaner class?",
        "Can a function load_all_orders return a message?",
        "How do I read acme-app.yaml?",
        "Where do I mount /etc/acme/relay_prod.toml?",
        'It says "unknown option max_queue_age". What now?',
        "I get `error: max_queue_age: no such setting` on start",
        "relay.errors.QueueError: no such queue - why?",
        "How do I connect to relay.acme.internal:7070?",
        "I start it with `docker run --gpus all relay`; where is the log?",
        "We start jobs with sbatch --nodes=4, how does Relay see them?",
        "I call model.generate_batch_fast() from a plugin, how long may it take?",
        "How do I pass the DB_PASSWORD environment variable to a plugin?",
        "How do I set HTTP_TOKEN for one queue?",
        "How do I call the clean_text function for every message?",
        "How do I read the run_date parameter inside a plugin?",
        "How do I pass on the return value of the extract_orders function?",
        "How do I make my_index the default for the acme_web member only?",
        "Can I leave the created_at field out of the log?",
        "Does Relay 2.6.1 run on Python 3.12?",
        "Why is the queue full, e.g. at night?",
        "how much is each M.A.P class?",
        "Is there a mode that restarts the command when files change?",
    ],
)
def test_what_the_asker_brings_along_is_none(question):
    assert names(question) == []


def test_a_name_is_taken_once():
    assert names("Does --eager work? What does --eager do?") == ["--eager"]


@pytest.mark.parametrize(
    "text", ["a/" * 50_000, "a." * 50_000, "--a" * 50_000, "`" * 100_000, "x" * 100_000, "'" * 100_000]
)
def test_a_long_question_is_read_in_time_that_grows_with_it(text):
    assert len(names(f"What does {text}")) <= 1
