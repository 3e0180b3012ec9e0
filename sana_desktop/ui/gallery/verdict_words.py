"""What came of drawing pictures again, in words."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from sana_desktop.services.verifying import Checked, Verdict


def verdict_words(checked: Sequence[Checked]) -> str:
    """One sentence for one picture; for more, how many are the same, and the first one that is not."""
    translate = QCoreApplication.translate
    if not checked:
        return ""
    same = [one for one in checked if one.verdict is not None and one.verdict.identical]
    other = next((one for one in checked if one not in same), None)
    if len(checked) == 1:
        return _sentence(checked[0])
    words = translate("VerdictWords", "{same} of {all} pictures come out the same, bit for bit.").format(
        same=len(same), all=len(checked)
    )
    return words if other is None else f"{words} {_sentence(other)}"


def _sentence(one: Checked) -> str:
    translate = QCoreApplication.translate
    verdict, name = one.verdict, one.path.name
    if verdict is None:
        return translate("VerdictWords", "{name} cannot be drawn again: {why}").format(name=name, why=one.problem)
    facts = ", ".join(
        translate("VerdictWords", "{fact} was {before}, is {now}").format(
            fact=fact.name, before=fact.recorded or "–", now=fact.now or "–"
        )
        for fact in verdict.differences
    )
    if verdict.identical:
        words = translate("VerdictWords", "{name} comes out the same, bit for bit").format(name=name)
        return f"{words} ({facts})." if facts else f"{words}."
    facts = facts or translate("VerdictWords", "nothing that was recorded differs")
    return translate("VerdictWords", "{name} comes out different ({near}): {facts}.").format(
        name=name, near=_near(verdict), facts=facts
    )


def _near(verdict: Verdict) -> str:
    translate = QCoreApplication.translate
    if verdict.psnr is None or math.isinf(verdict.psnr):
        return translate("VerdictWords", "another size")
    return translate("VerdictWords", "PSNR {n} dB").format(n=f"{verdict.psnr:.1f}")
