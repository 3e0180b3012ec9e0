"""Pictures of ours: the recipe and how it was drawn."""

from sana_desktop.domain.codec import recipe_from_plain
from sana_desktop.domain.inspected import Inspected
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import RecipeError
from sana_desktop.gallery.metadata import document_in
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.infotext import read_infotext
from sana_desktop.gallery.readers.json_values import Object, as_list, as_object, as_text, other_pairs

TOOL = "Sana Desktop"


def read_own(carried: Carried) -> Inspected | None:
    """All of a picture of ours; where its recipe cannot be read, the text for other programs and a note why."""
    try:
        document = document_in(carried)
        if document is None:
            return None
        recipe = recipe_from_plain(document.get("recipe"))
    except RecipeError as error:
        found = read_infotext(carried) or Inspected(tool=TOOL)
        return found.with_notes((f"The exact recipe cannot be used: {error}",))
    provenance, timings = as_object(document.get("provenance")), as_object(document.get("timings"))
    return Inspected(
        tool=f"{TOOL} {as_text(provenance.get('app_version'))}".strip(),
        prompt=recipe.prompt,
        negative=recipe.negative,
        seed=recipe.seed,
        steps=recipe.steps,
        guidance=recipe.guidance,
        size=(recipe.size.width, recipe.size.height),
        sampler=recipe.solver.value,
        model=recipe.pack,
        extra=_more(recipe, provenance, timings),
        recipe=recipe,
        notes=_notices(document),
    )


def _more(recipe: Recipe, provenance: Object, timings: Object) -> tuple[tuple[str, str], ...]:
    pairs = [("Precision", recipe.precision.value), ("Conditioning", recipe.conditioning.value)]
    pairs.append(("Emphasis", recipe.emphasis.value))
    if recipe.flow_shift is not None:
        pairs.append(("Flow shift", f"{recipe.flow_shift:g}"))
    if recipe.guidance_interval is not None:
        pairs.append(("Guidance interval", str(recipe.guidance_interval)))
    if recipe.stop_after is not None:
        pairs.append(("Stopped after step", str(recipe.stop_after)))
    if recipe.latents_sha256 is not None:
        pairs.append(("Noise from a file, SHA-256", recipe.latents_sha256))
    drawn = other_pairs(provenance, {"app_version"})
    seconds = [
        (f"Seconds to {name}", f"{float(text):.2f}") for name, text in other_pairs(timings, ()) if _is_short(text)
    ]
    return (*pairs, *((name.replace("_", " ").capitalize(), text) for name, text in drawn), *seconds)


def _is_short(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and len(text) < 20


def _notices(document: Object) -> tuple[str, ...]:
    return tuple(text for notice in as_list(document.get("notices"))[:5] if (text := as_text(notice)))
