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


def plain_captions(names: tuple[str, ...], style: str) -> list[str]:
    """Captions that say thing and style but no background, in lower case, the official name first."""
    form = {"3D": ("{a_name}", "a 3D {name}"), "flat": ("{a_flat}",), "line": ("line art of {a_name}",)}[style]
    return [
        template.format(name=name, a_name=with_article(name), a_flat=with_article(f"flat {name}")).lower()
        for name in names
        for template in form
    ]
