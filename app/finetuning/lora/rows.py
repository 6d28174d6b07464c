"""rows: examples that fit, as trl reads them: `prompt` and `completion`, both lists of messages."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.answering.prompt import form_of
from footnote.app.core.errors import ExampleFileError, TrainingError
from footnote.app.evaluation.rows import Problem, first_of
from footnote.app.finetuning.examples.files import read_examples
from footnote.app.finetuning.examples.types import Example, Message
from footnote.app.kept.rows import PromptForm

Turn = dict[str, str]
# The tokens of these messages as the model's chat template renders them.
CountTokens = Callable[[Sequence[Turn]], int]
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One example; `tokens` are those of prompt and reply together."""

    prompt: tuple[Turn, ...]
    completion: tuple[Turn, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """The examples of a file that fit, in its order; `too_long` are the lines of those that do not."""

    rows: tuple[TrainingRow, ...]
    too_long: tuple[int, ...]

    @property
    def longest(self) -> int:
        """Tokens of the longest row."""
        return max(row.tokens for row in self.rows)


def training_rows(file: Path, count: CountTokens, max_length: int) -> TrainingRows:
    """The rows of a file of examples in any format that `tune-llm data` writes. Nothing is cut.

    Raises:
        ExampleFileError: it cannot be read, lines of it are wrong, or it holds no example.
        TrainingError: none of its examples fits.
    """
    rows, too_long = [], []
    for line, example in _examples(file):
        prompt, completion = tuple(map(_turn, example.prompt)), (_turn(example.messages[-1]),)
        tokens = count([*prompt, *completion])
        if tokens > max_length:
            too_long.append(line)
        else:
            rows.append(TrainingRow(prompt, completion, tokens))
    if not rows:
        raise TrainingError(
            f"{file}: all {len(too_long)} examples are longer than {max_length} tokens: raise --max-length"
        )
    return TrainingRows(tuple(rows), tuple(too_long))


def left_out(file: Path, rows: TrainingRows, max_length: int) -> str | None:
    """One line on what does not fit; None where everything does."""
    if not rows.too_long:
        return None
    named = ", ".join(map(str, rows.too_long[:_MOST_NAMED])) + (", ..." if len(rows.too_long) > _MOST_NAMED else "")
    count, total = len(rows.too_long), len(rows.too_long) + len(rows.rows)
    return f"{file}: {count} of {total} examples left out, longer than --max-length {max_length} (line {named})"


def require_prompt(file: Path, rows: TrainingRows, form: PromptForm) -> None:
    """Refuse examples of another form of Footnote's prompt than the base will be asked with: it would learn the wrong.

    Raises:
        ExampleFileError: there are some.
    """
    found = Counter(form_of(row.prompt[0]["content"]) for row in rows.rows if row.prompt)
    other: PromptForm = "full" if form == "compact" else "compact"
    if found[other]:
        raise ExampleFileError(
            f"{file}: {found[other]} of {len(rows.rows)} examples have the {other} prompt, and this base will be asked "
            f"with the {form} one: make them with `footnote tune-llm data --prompt {form}`, or set "
            f"FOOTNOTE_LLM_PROMPT={other} here and where it answers"
        )


def _examples(file: Path) -> list[tuple[int, Example]]:
    try:
        read = list(read_examples(file))
    except OSError as error:
        raise ExampleFileError(f"{file} cannot be read: {error.strerror}") from error
    problems = [one for one in read if isinstance(one, Problem)]
    examples = [one for one in read if not isinstance(one, Problem)]
    problems += [
        Problem(str(file), line, "ends with a reply of weight 0, of which nothing is learned")
        for line, example in examples
        if example.messages[-1].weight == 0
    ]
    if problems:
        raise ExampleFileError(first_of(problems))
    if not examples:
        raise ExampleFileError(f"{file} holds no example: make some with `footnote tune-llm data`")
    return examples


def _turn(message: Message) -> Turn:
    return {"role": message.role, "content": message.content}
