"""What spaCy loads by our entry points: the factory of the component `jianbao` and the colours of its labels.

spaCy does so whenever a pipeline is made, whether it holds `jianbao` or not: the component itself is imported when one is
asked for. Annotations are no strings here, for spaCy reads those of `make` to check a config.
"""

from collections.abc import Iterable
from colorsys import hls_to_rgb

from ..corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS
from .spacy_names import ARTICLE, ATTRIBUTES, GROUPS, NAME

try:
    from spacy.language import Language
    from spacy.pipeline.pipe import Pipe
except ImportError as error:
    raise ImportError(
        "jianbao in a spaCy pipeline needs spaCy: pip install 'jianbao[spacy]' (请先安装 spaCy)", name=error.name
    ) from error


def register_attributes(prefix: str = "") -> None:
    """Make `span._.indicator` and the others known to spaCy, which the component does where it is made; for reading Docs
    that another process has written.

    Raises:
        InputError: where somebody else has an attribute of that name.
    """
    from .spacy_spans import register

    register(prefix)


@Language.factory(
    NAME,
    default_config={
        "models": True,
        "published": None,
        "region": None,
        "article": ARTICLE,
        "spans": GROUPS,
        "candidates": {},
        "prefix": "",
    },
    assigns=["doc.spans", *ATTRIBUTES],
    default_score_weights={f"spans_{group}_f": 0.0 for group in GROUPS.values()},
)
def make(
    nlp: Language,
    name: str,
    models: bool,
    published: str | None,
    region: str | int | None,  # written without quotes in a config file it is a number
    article: dict[str, str],
    spans: dict[str, str],
    candidates: dict[str, str],
    prefix: str,
) -> Pipe:
    """The component that a config describes.

    Raises:
        InputError: where a setting is none, or somebody else has attributes of our names.
    """
    from .extraction import Pipeline
    from .spacy_spans import Component, register, settings_of

    settings = settings_of(published, region, article, spans, candidates)
    register(prefix)
    return Component(name, Pipeline(models=models), settings)


def colours() -> dict[str, str]:
    """A colour for each label in displaCy: figures warm, brands green, types blue; those that spaCy has stay as they are."""
    from spacy.displacy.render import DEFAULT_LABEL_COLORS

    told = {**_shades(ACTIVITY_TYPES, 200, 290), **_shades(BRAND_KINDS, 100, 170), **_shades(DIMENSIONS, 0, 62)}
    return {label: colour for label, colour in told.items() if label not in DEFAULT_LABEL_COLORS}


def _shades(labels: Iterable[str], first: int, last: int) -> dict[str, str]:
    """Light colours from one hue to another, each second one paler, for black letters."""
    names = [label.upper() for label in labels]
    hues = [first + (last - first) * place / max(1, len(names) - 1) for place in range(len(names))]
    parts = [hls_to_rgb(hue / 360, 0.86 if place % 2 else 0.76, 0.75) for place, hue in enumerate(hues)]
    return {
        name: "#" + "".join(f"{round(part * 255):02x}" for part in rgb) for name, rgb in zip(names, parts, strict=True)
    }
