"""What the gallery knows of a picture, as settings that can be shown and used."""

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.records import PictureRow


def inspected(row: PictureRow) -> Inspected:
    """The settings of a picture, as if its file had been read just now."""
    facts = row.facts
    return Inspected(
        tool=facts.tool,
        prompt=facts.prompt,
        negative=facts.negative,
        seed=facts.seed,
        steps=facts.steps,
        guidance=facts.guidance,
        size=(facts.width, facts.height),
        sampler=facts.solver,
        model=facts.pack,
        recipe=row.recipe(),
    )


def tags_in(text: str) -> tuple[str, ...]:
    """The tags that somebody wrote with commas between them, each once."""
    names = (" ".join(part.split()) for part in text.split(","))
    return tuple({name.casefold(): name for name in names if name}.values())
