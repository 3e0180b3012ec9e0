from pathlib import Path

from sana_desktop.gallery.facts import facts_of_file
from sana_desktop.services.fact_readers import CHUNKS_READ_HERE, PROCESSES, FactReaders
from support.gallery import write_own


def test_many_files_are_read_in_other_processes_in_their_order(tmp_path: Path):
    for number in range(20):
        write_own(tmp_path / f"{number}.png", seed=number)
    names = [f"{number}.png" for number in range(20)]
    chunks = [names[start : start + 2] for start in range(0, 20, 2)]
    with FactReaders() as readers:
        answers = list(readers(tmp_path, iter(chunks)))
        assert len(readers._children) == PROCESSES
    assert [facts for answer in answers for facts in answer] == [facts_of_file(tmp_path / name) for name in names]


def test_a_few_files_need_no_other_process(tmp_path: Path):
    write_own(tmp_path / "x.png")
    with FactReaders() as readers:
        assert len(list(readers(tmp_path, [["x.png"]] * CHUNKS_READ_HERE))) == CHUNKS_READ_HERE
        assert readers._children == []


def test_a_process_that_dies_costs_its_chunk_only(tmp_path: Path):
    write_own(tmp_path / "x.png")
    facts = facts_of_file(tmp_path / "x.png")
    chunks = [["x.png"]] * (CHUNKS_READ_HERE + 20)
    with FactReaders() as readers:
        reading = readers(tmp_path, chunks)
        answers = [next(reading) for _ in range(CHUNKS_READ_HERE + 1)]
        for child in readers._children:
            child.end()
            child.exit_code  # noqa: B018  # waits for its end
        answers += list(reading)
    flat = [answer for chunk in answers for answer in chunk]
    assert len(flat) == CHUNKS_READ_HERE + 20
    assert 1 <= sum(answer == "x.png: the process that read it was ended by the system" for answer in flat) <= PROCESSES
    assert flat[-1] == facts
