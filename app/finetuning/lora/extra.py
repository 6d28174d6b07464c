"""extra: torch and what trains with it, which only some installs have."""

import importlib
import importlib.util
import os
import warnings

from footnote.app.core.errors import SettingsError

_MODULES = ("torch", "transformers", "peft", "trl", "datasets", "gguf")


def require_extra() -> None:
    """Raise SettingsError, which says how to install it, where the extra is not there. Imports nothing."""
    for name in _MODULES:
        if importlib.util.find_spec(name) is None:
            raise SettingsError(
                f"training needs the extra fine-tuning ({name} is not installed): run `make fine-tuning` and then "
                "`.venv-fine-tuning/bin/footnote tune-llm lora ...`, or in an environment of its own "
                "`pip install -c constraints.txt -e '.[fine-tuning]'`"
            )


def keep_quiet(is_local: bool) -> None:
    """Keep these packages from reporting anywhere and, with a local base, off the network. Call it before any import.

    They read the environment when they are imported, and nothing else tells them.
    """
    os.environ.update(
        HF_HUB_DISABLE_TELEMETRY="1",
        TQDM_DISABLE="1",
        TOKENIZERS_PARALLELISM="false",
        TRANSFORMERS_VERBOSITY="error",
        DATASETS_VERBOSITY="error",
    )
    if is_local:
        os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TRANSFORMERS_OFFLINE="1")
    import datasets
    import transformers

    for module in ("transformers", "peft", "trl", "accelerate"):  # of each other's deprecations and of files not there
        warnings.filterwarnings("ignore", module=rf"{module}\.")

    transformers.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    datasets.disable_caching()
