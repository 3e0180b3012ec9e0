"""Holding back what comes faster than eyes can follow."""

from PySide6.QtCore import QObject, QTimer, Signal


class Throttle(QObject):
    """Passes values on at most once per `interval_ms` milliseconds: the first at once, then the newest.

    Values that are overtaken by a newer one are dropped; the last one always arrives.

    Signals:
        passed(object): the value whose turn it is.
    """

    passed = Signal(object)

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # At most one value; a list, because None is a value as well.
        self._waiting: list[object] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.flush)

    def put(self, value: object) -> None:
        """Pass `value` on, now or when its turn comes."""
        self._waiting = [value]
        if not self._timer.isActive():
            self.flush()

    def flush(self) -> None:
        """Pass on at once what waits, if something does."""
        if self._waiting:
            value = self._waiting.pop()
            self._timer.start()
            self.passed.emit(value)
