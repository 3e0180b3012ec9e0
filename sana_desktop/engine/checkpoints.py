"""How far a batch got: in memory after every step, on the disk now and then."""

from collections.abc import Callable, Sequence

from sana_desktop.engine.journal import JournalEntry
from sana_desktop.engine.journal_file import Work
from sana_desktop.engine.sampling import SamplerState
from sana_desktop.errors import MachineError

# Less work than this is not worth a file: it is done again sooner than anybody looks for it.
SECONDS_BETWEEN = 2.0


class Checkpoints:
    """Remembers the last state of one batch and decides when the journal learns of it.

    Begins with what an earlier run left, unless that is beyond `last_step`. `warn` is told once if the
    journal cannot be written: the picture is drawn nevertheless. `clock` gives seconds. `notices` are what users
    should know, of each of the `pictures` its own.
    """

    def __init__(
        self,
        entry: JournalEntry,
        last_step: int,
        warn: Callable[[str], None],
        clock: Callable[[], float],
        pictures: int = 1,
    ) -> None:
        self._entry = entry
        self._warn = warn
        self._clock = clock
        work = entry.read()
        if work is not None and work.state.step > last_step:
            work = None
        self.state: SamplerState | None = None if work is None else work.state
        self.notices: tuple[tuple[str, ...], ...] = ((),) * pictures if work is None else work.notices
        # The step of the entry that has reached the disk for certain.
        self._lasting = self.step
        self._warned = False
        self._since = clock()

    @property
    def step(self) -> int:
        """How many steps are done."""
        return 0 if self.state is None else self.state.step

    def note(self, texts: Sequence[Sequence[str]]) -> list[str]:
        """Add notices for each picture; returns those that no picture had."""
        known = {text for own in self.notices for text in own}
        self.notices = tuple(
            (*own, *(text for text in new if text not in own)) for own, new in zip(self.notices, texts, strict=True)
        )
        return list(dict.fromkeys(text for new in texts for text in new if text not in known))

    def begin_steps(self) -> None:
        """Count time from now on: loading and reading the prompt are no work that a state could keep."""
        self._since = self._clock()

    def saw(self, state: SamplerState) -> None:
        """Remember where the solver stands; costs nothing."""
        self.state = state

    def write_if_due(self) -> None:
        """Write the last state if two seconds have passed since the steps began or a state was written."""
        if self._clock() - self._since >= SECONDS_BETWEEN:
            self._write(lasting=False)
            self._since = self._clock()

    def write(self) -> None:
        """Write the last state so that it survives a power cut; nothing happens before the first step."""
        if self._lasting != self.step:
            self._write(lasting=True)
            self._lasting = self.step

    def forget(self) -> None:
        """Remove what the journal knows of the batch."""
        self._entry.forget()

    def _write(self, *, lasting: bool) -> None:
        if self.state is None:
            return
        try:
            self._entry.write(Work(self.state, self.notices), lasting=lasting)
        except MachineError as error:
            if not self._warned:
                self._warn(f"{error} {error.hint}")
            self._warned = True
