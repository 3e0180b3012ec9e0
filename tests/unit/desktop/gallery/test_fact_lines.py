import threading
from multiprocessing import Pipe
from pathlib import Path

from sana_desktop.gallery.fact_lines import answer_from_bytes, answer_questions, answer_to_bytes, question_to_bytes
from sana_desktop.gallery.facts import facts_of_file
from support.gallery import write_own


def test_facts_and_reasons_come_through_unchanged(tmp_path: Path):
    facts = facts_of_file(write_own(tmp_path / "x.png", prompt="狐 \U0001f98a"))
    assert answer_from_bytes(answer_to_bytes([facts, "why not", facts])) == [facts, "why not", facts]


def test_the_child_answers_in_order_until_the_other_end_is_closed(tmp_path: Path):
    facts = facts_of_file(write_own(tmp_path / "x.png"))
    ours, theirs = Pipe()
    child = threading.Thread(target=answer_questions, args=(theirs,))
    child.start()
    for names in (["x.png", "gone.png"], []):
        ours.send_bytes(question_to_bytes(tmp_path, names))
        assert answer_from_bytes(ours.recv_bytes()) == [facts, "gone.png: No such file or directory"][: len(names)]
    ours.close()
    child.join()
    theirs.close()
