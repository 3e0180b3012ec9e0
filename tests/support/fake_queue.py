"""A queue for the board to talk to: remembers what it was asked, and draws nothing."""

from sana_desktop.domain.cancel import Stop


class FakeQueue:
    """`asked` lists the calls in order, the name first. `left` are the jobs that `restore` finds."""

    def __init__(self, left: tuple[int, ...] = ()) -> None:
        self.asked: list[tuple[object, ...]] = []
        self._left = left

    def cancel(self, job: int, stop: Stop = Stop.DISCARD) -> None:
        self.asked.append(("cancel", job, stop.value))

    def cancel_all(self) -> None:
        self.asked.append(("cancel all",))

    def pause(self) -> None:
        self.asked.append(("pause",))

    def resume(self) -> None:
        self.asked.append(("resume",))

    def move(self, job: int, before: int | None) -> None:
        self.asked.append(("move", job, before))

    def retry(self, job: int) -> int:
        self.asked.append(("retry", job))
        return 1000 + job

    def restore(self) -> tuple[int, ...]:
        self.asked.append(("restore",))
        return self._left
