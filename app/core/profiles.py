"""The profiles of models: what `FOOTNOTE_MODELS` sets at once, by the setting that names the model."""

from collections.abc import Mapping

MULTILINGUAL = "multilingual"
PROFILES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "default": {},
    MULTILINGUAL: {
        # Source of the prefixes: its model card. Its cosines lie close together, as it was trained at temperature 0.01.
        "embedder": {
            "embedder": "st:intfloat/multilingual-e5-small",
            "query_prefix": "query: ",
            "passage_prefix": "passage: ",
            "cosine_span": 0.1,
        },
        # As large as the bundled one but for its vocabulary: fit for a CPU.
        "reranker": {"reranker": "st:cross-encoder/mmarco-mMiniLMv2-L12-H384-v1"},
    },
}
