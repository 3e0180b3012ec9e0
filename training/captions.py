"""Sentences that say what is in a composed picture."""

import random

_WITH_COLOR = (
    "{a_name} on {a_color} background",
    "{name} on {a_color} background",
    "{a_name}, {color} background",
    "a 3D {name} on {a_color} background",
    "{name}, {color} background",
)
_STYLED = {
    "flat": ("{a_flat} on {a_color} background", "flat {name}, {color} background", "{a_flat}, {color} background"),
    "line": (
        "line art of {a_name} on {a_color} background",
        "line art of {a_name}, {color} background",
        "{name}, line art, {color} background",
    ),
}
_PLAIN = ("{a_name}", "{name}", "a 3D {name}", "a cute {name}")
_SCENES = {
    "beside": (
        "{a_name} and {a_other} on {a_color} background",
        "{a_name} next to {a_other} on {a_color} background",
        "{a_name} beside {a_other}, {color} background",
        "{a_name} to the left of {a_other} on {a_color} background",
        "{a_name} and {a_other}, {color} background",
    ),
    "above": (
        "{a_name} above {a_other} on {a_color} background",
        "{a_name} over {a_other}, {color} background",
        "{a_other} below {a_name} on {a_color} background",
        "{a_other} under {a_name}, {color} background",
    ),
    "small": (
        "a small {name} on {a_color} background",
        "a tiny {name} on {a_color} background",
        "a little {name}, {color} background",
        "small {name}, {color} background",
    ),
    "big": (
        "a big {name} on {a_color} background",
        "a large {name} on {a_color} background",
        "big {name}, {color} background",
    ),
}
_SEVERAL = (
    "{count} {plural} on {a_color} background",
    "{count} {plural}, {color} background",
)
_COUNTS = {"beside": "two", "above": "two", "three": "three", "four": "four"}
_ALIKE = ("sheep", "fish", "squid", "sushi", "deer", "shrimp", "bread", "rice", "hair", "money")
_NO_ARTICLE = (
    "french",
    "clothes",
    "glasses",
    "cherries",
    "grapes",
    "beans",
    "peanuts",
    "chopsticks",
    "jeans",
    "shorts",
)


def with_article(phrase: str) -> str:
    """Put "a" or "an" before a phrase; plurals that take neither are left alone."""
    if phrase.lower().endswith(_NO_ARTICLE) or phrase.startswith(("a ", "an ")):
        return phrase
    return f"{'an' if phrase[0].lower() in 'aeio' else 'a'} {phrase}"


def captions(names: tuple[str, ...], color: str | None, count: int, rng: random.Random, style: str = "3D") -> list[str]:
    """Draw `count` different captions; `color` None leaves the background unsaid, which only 3D pictures may do."""
    templates = _STYLED.get(style, _PLAIN if color is None else _WITH_COLOR)
    choices = {
        template.format(
            name=name,
            a_name=with_article(name),
            a_flat=with_article(f"flat {name}"),
            color=color,
            a_color=with_article(color) if color else "",
        )
        for name in names
        for template in templates
    }
    return rng.sample(sorted(choices), min(count, len(choices)))


def scene_captions(
    names: tuple[str, ...], others: tuple[str, ...] | None, layout: str, color: str, count: int, rng: random.Random
) -> list[str]:
    """Draw `count` different captions of a scene in a layout of `training.layouts`.

    `others` are the names of the second thing; without it all things of the layout are alike.
    """
    layout = layout.partition(",")[0]
    several = others is None and layout in _COUNTS
    choices = {
        template.format(
            name=name,
            a_name=with_article(name),
            a_other=with_article(other),
            count=_COUNTS.get(layout),
            plural=plural(name),
            color=color,
            a_color=with_article(color),
        )
        for name in names
        for other in others or names[:1]
        for template in (_SEVERAL if several else _SCENES[layout])
    }
    return rng.sample(sorted(choices), min(count, len(choices)))


def plural(name: str) -> str:
    """More than one of a thing, by the common rules of English."""
    if name.lower().endswith((*_NO_ARTICLE, *_ALIKE)):
        return name
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    for singular, several in (("mouse", "mice"), ("leaf", "leaves"), ("wolf", "wolves"), ("knife", "knives")):
        if name.endswith(singular):
            return name.removesuffix(singular) + several
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def plain_captions(names: tuple[str, ...], style: str) -> list[str]:
    """Captions that say thing and style but no background, in lower case, the official name first."""
    form = {"3D": ("{a_name}", "a 3D {name}"), "flat": ("{a_flat}",), "line": ("line art of {a_name}",)}[style]
    return [
        template.format(name=name, a_name=with_article(name), a_flat=with_article(f"flat {name}")).lower()
        for name in names
        for template in form
    ]
