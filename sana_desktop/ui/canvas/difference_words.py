"""In what two pictures differ, in a line."""

from PySide6.QtCore import QCoreApplication

from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.recipe_diff import recipe_differences


def difference_words(a: Recipe | None, b: Recipe | None) -> str:
    """What is different in `b`, the second of two pictures; None is a picture of which nobody knows."""
    translate = QCoreApplication.translate
    if a is None or b is None:
        return translate("ComparePanel", "A → B: it is not known how one of them was drawn")
    nothing = translate("ComparePanel", "nothing")
    found = [
        f"{field_name(difference.field)} {difference.before or nothing} → {difference.after or nothing}"
        for difference in recipe_differences(a, b)
    ]
    return f"A → B: {', '.join(found)}" if found else translate("ComparePanel", "A → B: drawn from equal recipes")


def field_name(name: str) -> str:
    """What a field of a recipe is called."""
    translate = QCoreApplication.translate
    names = {
        "prompt": translate("ComparePanel", "prompt"),
        "negative": translate("ComparePanel", "negative prompt"),
        "seed": translate("ComparePanel", "seed"),
        "size": translate("ComparePanel", "size"),
        "steps": translate("ComparePanel", "steps"),
        "stop_after": translate("ComparePanel", "stopped after step"),
        "guidance": translate("ComparePanel", "guidance"),
        "guidance_interval": translate("ComparePanel", "guidance interval"),
        "solver": translate("ComparePanel", "sampler"),
        "pack": translate("ComparePanel", "pack"),
        "flow_shift": translate("ComparePanel", "flow shift"),
        "precision": translate("ComparePanel", "precision"),
        "conditioning": translate("ComparePanel", "conditioning"),
        "emphasis": translate("ComparePanel", "emphasis"),
        "latents_sha256": translate("ComparePanel", "noise"),
    }
    return names[name]
