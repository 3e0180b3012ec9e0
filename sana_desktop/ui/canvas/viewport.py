"""Where in a view a picture lies when it is fitted, zoomed and moved."""

from PySide6.QtCore import QPointF, QRectF, QSizeF

MARGIN = 16.0
LARGEST_SCALE = 32.0


class Viewport:
    """Places a picture in a view; lengths in the view's own units, `scale` in those per pixel of the picture.

    It fits the view, with a margin, until somebody zooms, and again when it is zoomed out to that size. A picture
    that is smaller than the view stays in its middle; a larger one always covers it.
    """

    def __init__(self) -> None:
        self._view = QSizeF(1, 1)
        self._picture = QSizeF(1, 1)
        # None while the picture fits the view.
        self._scale: float | None = None
        # The point of the picture that is in the middle of the view.
        self._middle = QPointF(0.5, 0.5)

    @property
    def fits(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self._scale is None

    @property
    def scale(self) -> float:
        """Length in the view of one pixel of the picture."""
        return self._fitting_scale() if self._scale is None else self._scale

    @property
    def rect(self) -> QRectF:
        """Where the picture lies in the view."""
        size = self._picture * self.scale
        corner = QPointF(self._view.width() / 2, self._view.height() / 2) - self._middle * self.scale
        return QRectF(corner, size)

    def set_view(self, view: QSizeF) -> None:
        """The view has another size."""
        self._view = view
        self._settle()

    def set_picture(self, picture: QSizeF) -> None:
        """Another picture; one of the same size stays where the last one was."""
        if picture == self._picture:
            return
        self._picture = picture
        self.fit()

    def fit(self) -> None:
        """Show all of the picture, as large as it can be."""
        self._scale = None
        self._settle()

    def zoom_to(self, scale: float) -> None:
        """Show the picture at `scale` around the middle of the view, also below the fitting size."""
        self._scale = min(scale, self._largest_scale())
        self._settle()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Enlarge by `factor`, keeping the point `around` of the view (its middle if None) where it is."""
        centre = QPointF(self._view.width() / 2, self._view.height() / 2)
        around = centre if around is None else around
        under = (around - self.rect.topLeft()) / self.scale
        fitting = self._fitting_scale()
        scale = min(self.scale * factor, self._largest_scale())
        if factor < 1 and scale <= fitting:
            self.fit()
            return
        self._scale = scale
        self._middle = under + (centre - around) / scale
        self._settle()

    def move(self, distance: QPointF) -> None:
        """Move the picture by a distance in the view, as far as it goes."""
        self._middle = self._middle - distance / self.scale
        self._settle()

    def _fitting_scale(self) -> float:
        across = max(1.0, self._view.width() - 2 * MARGIN) / self._picture.width()
        down = max(1.0, self._view.height() - 2 * MARGIN) / self._picture.height()
        return min(across, down)

    def _largest_scale(self) -> float:
        return max(LARGEST_SCALE, self._fitting_scale())

    def _settle(self) -> None:
        """Bring the picture back to where it may be."""
        self._middle = QPointF(
            _settled(self._middle.x(), self._picture.width(), self._view.width() / self.scale),
            _settled(self._middle.y(), self._picture.height(), self._view.height() / self.scale),
        )


def _settled(middle: float, picture: float, visible: float) -> float:
    """The allowed middle nearest to the wanted one, along one axis in pixels of the picture."""
    if picture <= visible:
        return picture / 2
    return min(max(middle, visible / 2), picture - visible / 2)
