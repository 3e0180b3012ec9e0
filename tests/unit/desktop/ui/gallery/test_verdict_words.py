import math
from pathlib import Path

from sana_desktop.services.verifying import Checked, Difference, Verdict
from sana_desktop.ui.gallery.verdict_words import verdict_words

FOX = Path("fox.png")
SAME = Checked(FOX, Verdict(True, math.inf, ()))
OTHER = Checked(Path("owl.png"), Verdict(False, 41.23, (Difference("device", "cpu", "cuda"),)))


def test_one_picture_is_one_sentence():
    assert verdict_words([SAME]) == "fox.png comes out the same, bit for bit."
    assert verdict_words([OTHER]) == "owl.png comes out different (PSNR 41.2 dB): device was cpu, is cuda."
    newer = Checked(FOX, Verdict(True, math.inf, (Difference("torch version", "", "2.13"),)))
    assert verdict_words([newer]) == "fox.png comes out the same, bit for bit (torch version was –, is 2.13)."
    larger = Checked(FOX, Verdict(False, None, ()))
    assert verdict_words([larger]) == "fox.png comes out different (another size): nothing that was recorded differs."
    assert verdict_words([Checked(FOX, None, "no recipe.")]) == "fox.png cannot be drawn again: no recipe."


def test_of_many_it_is_said_how_many_are_the_same_and_which_is_not():
    assert verdict_words([SAME, SAME]) == "2 of 2 pictures come out the same, bit for bit."
    assert verdict_words([SAME, OTHER]).endswith("device was cpu, is cuda.")
    assert verdict_words([]) == ""
