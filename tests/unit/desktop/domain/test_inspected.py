from sana_desktop.domain.inspected import Inspected


def test_a_tool_and_a_size_alone_are_nothing_to_use():
    assert Inspected(tool="x", size=(4, 4), sampler="euler").is_empty
    assert not Inspected(tool="x", seed=0).is_empty
    assert not Inspected(tool="x", negative="blurry").is_empty


def test_notes_are_added_behind_those_there_are():
    assert Inspected(tool="x", notes=("a",)).with_notes(("b",)).notes == ("a", "b")
