"""gate: `footnote eval --fit-gate`. What fits is imported when it runs."""

import json
from dataclasses import asdict

from footnote.app.cli.evaluating.options import EvalOptions
from footnote.app.cli.evaluating.questions import questions_of
from footnote.app.core.console import err, print_json, show
from footnote.app.core.settings import Settings


def fit_strictness(settings: Settings, options: EvalOptions) -> bool:
    """Fit the strictness to the questions, keep it where it is better and say so; whether it is."""
    from footnote.app.cli.tune import keep
    from footnote.app.core.progress import progress_bars
    from footnote.app.engine.engine import open_engine
    from footnote.app.tuning.gate import fit_gate

    questions = questions_of(settings, options.files, options.tags, options.limit)
    engine = open_engine(settings, search_only=True)
    with progress_bars(err, "questions") as on_progress:
        found = fit_gate(engine, questions, settings, on_progress, options.seed)
    fit = found.fit
    if fit.is_better:
        keep(settings.folders.index_dir, engine.models, strictness=fit.chosen)
    if options.as_json:
        print_json(json.dumps({"metric": "balanced accuracy", **asdict(found), "written": fit.is_better}))
    else:
        show(
            f"balanced accuracy of {fit.questions} questions: {fit.before:.3f} with FOOTNOTE_STRICTNESS={found.set:g}, "
            f"{fit.after:.3f} where it is chosen on other questions "
            f"({fit.after - fit.before:+.3f}, {fit.low:+.3f} to {fit.high:+.3f})\n"
            f"answered of the answerable: {found.answered[0]:.2f}, with {fit.chosen:g} {found.answered[1]:.2f}\n"
            f"refused of the others: {found.refused[0]:.2f}, with {fit.chosen:g} {found.refused[1]:.2f}\n"
            + (f"{fit.chosen:g} is kept" if fit.is_better else "that is not better beyond noise: nothing was written")
        )
    return fit.is_better
