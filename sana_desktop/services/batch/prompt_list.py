"""From the entries of a list to the pictures that it stands for: one after the other, each a recipe with a place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path, PurePosixPath
from typing import TypeVar

from sana_desktop.domain.batch.axes import Axis, AxisKind, Value
from sana_desktop.domain.batch.entry import Entry
from sana_desktop.domain.batch.grid import Cell, cell_of
from sana_desktop.domain.batch.lists import SEEDS, ListFormat
from sana_desktop.domain.batch.problem import Problem, Weight, problem_of
from sana_desktop.domain.batch.variants import Expander, Template, holds_variants, parse_template
from sana_desktop.domain.choices import Emphasis
from sana_desktop.domain.emphasis import holds_weights
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.domain.styles import Style, apply_styles
from sana_desktop.errors import KnownError, PromptListError
from sana_desktop.gallery.names import safe_words
from sana_desktop.services.batch.reading import read_list
from sana_desktop.system.pack_manifest import PackManifest

MOST_OF_A_LINE = 1_000_000
_LONGEST_WORDS = 60
_PLAIN = Cell()
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of a list: the `index`-th of it from 0, asked for on `line`; `template` is the prompt as written."""

    index: int
    line: int
    recipe: Recipe
    template: str
    folder: PurePosixPath | None = None

    @property
    def stem(self) -> PurePosixPath:
        """The name of its file without the ending, below the folder of the run; the same in every run."""
        words = safe_words(self.recipe.prompt, _LONGEST_WORDS)
        name = f"{self.index + 1:06}-{self.recipe.seed}{'-' if words else ''}{words}"
        return PurePosixPath(name) if self.folder is None else self.folder / name


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that can be drawn: its pictures are `count`, of which the first is the `index`-th of the list.

    `seed_at` is how far the seeds of entries without one have come, `first` the first of the pictures.
    """

    entry: Entry
    index: int
    seed_at: int
    count: int
    first: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """What decides, beside the list itself, about its pictures.

    `usual` is the recipe of an entry that says nothing, with the pack that draws it. `base_seed` is the seed of the
    first picture of which none is given; they count up from there. `axes` are put around every entry that has none.
    """

    usual: Recipe
    base_seed: int
    combinatorial: bool = False
    axes: tuple[Axis, ...] = ()
    styles: tuple[Style, ...] = ()


class PromptList:
    """A list in a file, read anew by every walk through it.

    `find_pack` gives a pack by its id or raises `PackError`, `wildcards` the lines of a wildcard.
    """

    def __init__(
        self,
        path: Path,
        kind: ListFormat,
        rules: ListRules,
        find_pack: Callable[[str], PackManifest],
        wildcards: Callable[[str], tuple[str, ...]],
    ) -> None:
        self.path = path
        self._kind = kind
        self._rules = rules
        self._find_pack = find_pack
        self._packs: dict[str, PackManifest] = {}
        self._expander = Expander(wildcards)
        self._styles = {style.key: style for style in rules.styles}

    def walk(self) -> Iterator[Placed | Problem]:
        """The entries in order; a bad line takes the place of one picture, so that mending it moves no other."""
        index = seed_at = 0
        for found in read_list(self.path, self._kind):
            if isinstance(found, Problem):
                if found.weight is Weight.ERROR:
                    index, seed_at = index + 1, seed_at + 1
                yield found
                continue
            try:
                placed = self._place(found, index, seed_at)
            except KnownError as error:
                yield problem_of(found.line, error)
                index, seed_at = index + 1, seed_at + 1
                continue
            yield placed
            index += placed.count
            seed_at += placed.count // self._cell_count(found)

    def items(self, placed: Placed) -> Iterator[Item | Problem]:
        """The pictures of an entry: for every cell of its grid every text, and of every text every repeat.

        The first of all can be drawn. One with a text of its own that cannot is a problem in its place.
        """
        entry = placed.entry
        if placed.count == 1:
            yield placed.first
            return
        each = placed.count // self._cell_count(entry)
        for place, values in enumerate(self._cells(entry)):
            first = placed.index + place * each
            try:
                cell = self._cell(entry, values)
                words = self._words(entry, cell)
            except KnownError as error:
                yield problem_of(entry.line, error)
                continue
            for number in range(each):
                try:
                    yield self._item(entry, cell, words, placed.seed_at, first + number, number)
                except KnownError as error:
                    yield problem_of(entry.line, error)

    def firsts(self, placed: Placed) -> Iterator[tuple[Item, int]]:
        """The first picture of every cell, and how many the cell has: all of them are alike to a forecast."""
        entry = placed.entry
        each = placed.count // self._cell_count(entry)
        yield placed.first, each
        for number, values in enumerate(self._cells(entry)):
            if number == 0:
                continue
            cell = self._cell(entry, values)
            yield (
                self._item(entry, cell, self._words(entry, cell), placed.seed_at, placed.index + number * each, 0),
                each,
            )

    def _place(self, entry: Entry, index: int, seed_at: int) -> Placed:
        count = self._cell_count(entry) * entry.count
        if self._rules.combinatorial:
            first = self._cell(entry, next(self._cells(entry)))
            texts = self._expander.count(self._words(entry, first)[0])
            if texts == 0:
                raise PromptListError("The prompt stands for no text at all.", column=entry.column("prompt"))
            count *= texts
        if count > MOST_OF_A_LINE:
            raise PromptListError(
                f"The line stands for {count:,} pictures; at most {MOST_OF_A_LINE:,} are drawn of one.",
                column=entry.column("prompt"),
                hint="Let variants be picked at random, or split the line.",
            )
        cell = self._cell(entry, next(self._cells(entry)))
        first = self._item(entry, cell, self._words(entry, cell), seed_at, index, 0)
        return Placed(entry, index, seed_at, count, first)

    def _cell_count(self, entry: Entry) -> int:
        count = 1
        for axis in entry.axes or self._rules.axes:
            count *= len(axis.values)
        return count

    def _cells(self, entry: Entry) -> Iterator[tuple[tuple[Axis, Value], ...]]:
        """The cells of the grid, x changing fastest; one without anything where there is no grid."""
        if not entry.axes and not self._rules.axes:
            return iter(((),))
        sides = [[(axis, value) for value in axis.values] for axis in reversed(entry.axes or self._rules.axes)]
        return (tuple(reversed(cell)) for cell in product(*sides))

    def _cell(self, entry: Entry, values: tuple[tuple[Axis, Value], ...]) -> Cell:
        styles = list(entry.styles)
        for axis, value in values:
            if axis.kind is AxisKind.STYLES and value not in ("", "None"):
                styles.append(str(value))
        return cell_of(values, tuple(styles)) if values or styles else _PLAIN

    def _words(self, entry: Entry, cell: Cell) -> tuple[Template, Template]:
        """The prompt and the negative prompt with their styles, understood."""
        usual = self._rules.usual
        prompt = entry.prompt
        negative = usual.negative if entry.negative is None else entry.negative
        if cell.styles:
            styled = apply_styles(prompt, negative, [self._style(name, entry) for name in cell.styles])
            prompt, negative = styled.prompt, styled.negative
        return self._parsed(prompt, entry), self._parsed(negative, entry, "negative")

    def _parsed(self, text: str, entry: Entry, flag: str = "prompt") -> Template:
        if not holds_variants(text):
            return (text,)
        try:
            return parse_template(text)
        except PromptListError as error:
            # A text of a table may be longer than it looks, and one with styles is not what was written.
            column = entry.column(flag) + (error.column - 1 if text == entry.prompt else 0)
            raise PromptListError(str(error), column=column, hint=error.hint) from None

    def _style(self, name: str, entry: Entry) -> Style:
        style = self._styles.get(name.casefold())
        if style is None:
            raise PromptListError(
                f"There is no style “{name[:40]}”.",
                column=entry.column("styles"),
                hint="Give the file of styles with --styles FILE." if not self._styles else "",
            )
        return style

    def _item(
        self, entry: Entry, cell: Cell, words: tuple[Template, Template], seed_at: int, index: int, number: int
    ) -> Item:
        usual, rules = self._rules.usual, self._rules
        seed = entry.seed if cell.seed is None else cell.seed
        seed = (rules.base_seed + seed_at + number) % SEEDS if seed is None else seed + number
        text, negative = words
        if rules.combinatorial:
            prompt = self._expander.nth(text, number // entry.count)
        else:
            prompt = self._picked(text, seed)
        prompt, stay_away = cell.replaced(prompt, self._picked(negative, seed), column=entry.column("prompt"))
        pack = None if entry.pack is None else self._pack(entry.pack, entry)
        if pack is not None:
            usual = _usual_of(pack, usual)
        # Named one by one: `replace` takes longer than all the rest, and lists are long.
        recipe = Recipe(
            prompt=prompt,
            negative=stay_away,
            size=self._size(entry, cell, usual.size),
            steps=_first(cell.steps, entry.steps, usual.steps),
            guidance=_first(cell.guidance, entry.guidance, usual.guidance),
            seed=seed,
            solver=cell.solver or entry.solver or usual.solver,
            pack=usual.pack,
            precision=usual.precision,
            conditioning=usual.conditioning,
            flow_shift=usual.flow_shift if entry.flow_shift is None else entry.flow_shift,
            guidance_interval=entry.guidance_interval or usual.guidance_interval,
            emphasis=_emphasis(prompt, stay_away),
        )
        return Item(index, entry.line, recipe, entry.prompt, entry.folder)

    def _picked(self, template: Template, seed: int) -> str:
        if len(template) == 1 and isinstance(template[0], str):
            return template[0]
        return self._expander.pick(template, seed)

    def _size(self, entry: Entry, cell: Cell, usual: Size) -> Size:
        size = cell.size or entry.size
        if size is not None:
            return size
        if entry.width is None and entry.height is None:
            return usual
        try:
            return Size(entry.width or usual.width, entry.height or usual.height)
        except KnownError as error:
            column = entry.column("width" if str(error).startswith("Width") else "height")
            raise PromptListError(str(error), column=column, hint=error.hint) from None

    def _pack(self, name: str, entry: Entry) -> PackManifest:
        if name not in self._packs:
            try:
                self._packs[name] = self._find_pack(name)
            except KnownError as error:
                raise PromptListError(str(error), column=entry.column("pack"), hint=error.hint) from None
        return self._packs[name]


def _first(cell: _Number | None, entry: _Number | None, usual: _Number) -> _Number:
    return cell if cell is not None else entry if entry is not None else usual


def _emphasis(*texts: str) -> Emphasis:
    """Weights count where somebody wrote one. Most prompts have no bracket at all, and a million are soon read so."""
    weighted = any("(" in text for text in texts) and holds_weights(*texts)
    return Emphasis.WEIGHTED if weighted else Emphasis.LITERAL


def _usual_of(pack: PackManifest, usual: Recipe) -> Recipe:
    """The recipe of an entry that names this pack and says nothing else."""
    return replace(
        usual,
        pack=pack.id,
        size=Size(pack.base_size, pack.base_size),
        steps=pack.default_steps,
        guidance=pack.default_guidance,
        solver=pack.default_solver,
    )
