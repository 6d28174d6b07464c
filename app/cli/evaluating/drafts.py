"""drafts: `footnote eval --generate`. What drafts is imported when it runs."""

from footnote.app.cli.evaluating.options import EvalOptions, require_apart, require_folder, write
from footnote.app.core.console import err, out, plain, print_json
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import Settings


def generate_drafts(settings: Settings, options: EvalOptions) -> None:
    """Draft questions into `options.output`, and say how many.

    Raises:
        SettingsError: the file must not or cannot be written.
    """
    output, count = options.output, options.generate
    assert output and count
    require_folder(output)
    if output.suffix.lower() != ".jsonl":
        raise SettingsError(f"--output {output}: drafts are JSONL, so its name must end in .jsonl")
    if output.exists() and not options.force:
        raise SettingsError(f"{output} is there already: name another file, or overwrite it with --force")
    from footnote.app.core.progress import progress_bars
    from footnote.app.evaluation.drafting.generate import generate
    from footnote.app.evaluation.questions import find_question_files, read_questions

    files = find_question_files(options.files)
    require_apart(options.outputs, files, "question file")
    known = read_questions(files)
    with progress_bars(err, "questions") as on_progress:
        drafts = generate(settings, count, [one.text for one in known], options.seed, on_progress)
    write(output, drafts.jsonl())
    if options.as_json:
        print_json(drafts.summary_json(output))
    else:
        out.print(plain(drafts.summary(output)), markup=False, soft_wrap=True)
