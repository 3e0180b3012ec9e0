from sana_desktop.gallery.readers.carried import LARGEST_TEXT, LARGEST_TEXTS, Collector


def test_the_first_text_of_a_name_stays():
    found = Collector()
    found.add("prompt", "a fox")
    found.add("prompt", "a hen")

    carried = found.carried("PNG", 4, 3)

    assert (carried.texts, carried.kind, carried.width, carried.height) == ({"prompt": "a fox"}, "PNG", 4, 3)
    assert not carried.bulky


def test_all_texts_together_have_a_limit():
    found = Collector()
    for number in range(LARGEST_TEXTS // LARGEST_TEXT):
        assert not found.is_full
        found.add(str(number), "x" * LARGEST_TEXT)

    found.add("more", "words")
    carried = found.carried("PNG", 1, 1)

    assert found.is_full
    assert sum(map(len, carried.texts.values())) <= LARGEST_TEXTS
    assert carried.bulky
    assert "passed over" in carried.notes[0]


def test_texts_that_are_passed_over_fill_it_too():
    found = Collector()
    while not found.is_full:
        found.pass_over("parameters")

    assert len(found.notes) <= 5


def test_the_notes_have_a_limit():
    found = Collector()
    for _ in range(1000):
        found.damaged("x" * 1000)

    assert len(found.notes) == 5
    assert max(map(len, found.notes)) < 100
