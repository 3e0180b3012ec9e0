"""What a picture file from anywhere says about how it was made."""

from dataclasses import dataclass, replace

from sana_desktop.domain.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The settings inside a picture, whoever made it; what the file does not say is empty or None.

    `size` is width and height as the file names them and may be anything. `extra` are further settings as the
    tool calls them. `recipe` is there if the picture is one of ours and this version can draw it again.
    `notes` are sentences about what could not be read.
    """

    tool: str
    prompt: str = ""
    negative: str = ""
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    size: tuple[int, int] | None = None
    sampler: str = ""
    model: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    recipe: Recipe | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that somebody could use."""
        known = (self.seed, self.steps, self.guidance)
        return not (self.prompt or self.negative or any(value is not None for value in known))

    def with_notes(self, notes: tuple[str, ...]) -> "Inspected":
        """The same, with more to say about the file."""
        return replace(self, notes=(*self.notes, *notes)) if notes else self
