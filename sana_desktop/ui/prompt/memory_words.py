"""What is said of the memory that a picture takes."""

from PySide6.QtCore import QObject

from sana_desktop.domain.memory_plan import MemoryPlan
from sana_desktop.services.memory_book import MemoryForecast
from sana_desktop.system.pack_needs import FitLevel

GIB = 2**30


class MemoryWords(QObject):
    """Turns forecasts into words."""

    def order_text(self, forecast: MemoryForecast) -> str:
        """A few words for the button: how much of what."""
        text = self.tr("{needed} of {total} GB").format(
            needed=f"{forecast.needed / GIB:.1f}", total=f"{forecast.total / GIB:.0f}"
        )
        return text if forecast.plan == MemoryPlan() else f"{text}, {self.plan_text(forecast.plan)}"

    def size_text(self, forecast: MemoryForecast) -> str:
        """A sentence where memory is short or a plan is needed; empty otherwise."""
        values = {"needed": f"{forecast.needed / GIB:.1f}", "total": f"{forecast.total / GIB:.0f}"}
        match forecast.level:
            case FitLevel.FITS:
                return "" if forecast.plan == MemoryPlan() else self.plan_text(forecast.plan)
            case FitLevel.TIGHT:
                text = self.tr("Memory is tight: about {needed} of {total} GB. Close other programs first.")
            case FitLevel.NO:
                text = self.tr("Too large for this computer: about {needed} GB, and there are {total}.")
        return text.format(**values)

    def plan_text(self, plan: MemoryPlan) -> str:
        """What `plan.words` says, in the user's language."""
        parts = [self.tr("all networks stay in memory") if plan.resident else self.tr("one network at a time")]
        if plan.text_on_cpu:
            parts.append(self.tr("text read on the processor"))
        if plan.tile is not None:
            parts.append(self.tr("tiles of {side} px").format(side=plan.tile * 32))
        return ", ".join(parts)
