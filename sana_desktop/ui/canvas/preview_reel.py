"""How pictures formed: the previews of each, as many as there is memory for."""

from pathlib import Path

from PySide6.QtGui import QImage

MOST_FRAMES = 256
LARGEST_REEL = 16 * 2**20
LARGEST_SHELF = 64 * 2**20


class PreviewReel:
    """The previews of one picture in the order of their steps.

    Takes at most 256 frames and 16 MiB: when it is full, every other frame goes, so that it always reaches from the
    first step to the last one.
    """

    def __init__(self) -> None:
        self._frames: list[tuple[int, QImage]] = []
        self._bytes = 0
        # Steps between two frames that are kept.
        self._stride = 1

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    @property
    def bytes(self) -> int:
        """Memory that the frames take."""
        return self._bytes

    @property
    def last_step(self) -> int:
        """The step of the last frame, 0 without one."""
        return self._frames[-1][0] if self._frames else 0

    def step(self, number: int) -> int:
        """After which step (1-based) the frame stands that has this number (0-based)."""
        return self._frames[number][0]

    def image(self, number: int) -> QImage:
        """The frame of this number (0-based)."""
        return self._frames[number][1]

    def add(self, step: int, image: QImage) -> None:
        """Keep the preview after a step that is later than all before."""
        # The newest frame is kept until the next one shows whether it lies on the stride.
        if len(self._frames) > 1 and self._frames[-1][0] - self._frames[-2][0] < self._stride:
            self._bytes -= self._frames.pop()[1].sizeInBytes()
        self._frames.append((step, image))
        self._bytes += image.sizeInBytes()
        while len(self._frames) > MOST_FRAMES or (self._bytes > LARGEST_REEL and len(self._frames) > 2):
            self._thin()

    def _thin(self) -> None:
        self._stride *= 2
        # The newest stays: it is the one nearest to the finished picture.
        last = self._frames.pop()
        self._frames = [*self._frames[::2], last]
        self._bytes = sum(image.sizeInBytes() for _, image in self._frames)


class ReelShelf:
    """The reels of the pictures of this session; the ones looked at longest ago go when 64 MiB are full."""

    def __init__(self) -> None:
        # Oldest use first.
        self._reels: dict[Path, PreviewReel] = {}

    @property
    def bytes(self) -> int:
        """Memory that all reels take."""
        return sum(reel.bytes for reel in self._reels.values())

    def keep(self, path: Path, reel: PreviewReel) -> None:
        """Put the reel of a picture on the shelf."""
        self._reels.pop(path, None)
        self._reels[path] = reel
        while self.bytes > LARGEST_SHELF and len(self._reels) > 1:
            del self._reels[next(iter(self._reels))]

    def find(self, path: Path) -> PreviewReel | None:
        """The reel of a picture, if it is there."""
        reel = self._reels.pop(path, None)
        if reel is not None:
            self._reels[path] = reel
        return reel
