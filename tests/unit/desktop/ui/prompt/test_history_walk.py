from sana_desktop.ui.prompt.history_walk import HistoryWalk

HISTORY = ("newest", "older", "oldest")


def test_one_walks_to_older_prompts_and_back_to_the_draft():
    walk, shown = HistoryWalk(), "draft"
    seen = []
    for by in (1, 1, 1, 1, -1, -1, -1, -1):
        found = walk.step(shown, HISTORY, by)
        seen.append(found)
        shown = shown if found is None else found

    assert seen == ["newest", "older", "oldest", None, "older", "newest", "draft", None]


def test_a_draft_that_was_drawn_just_now_is_not_offered_twice():
    assert HistoryWalk().step("newest", HISTORY, 1) == "older"


def test_a_recalled_prompt_that_is_written_on_becomes_the_draft_and_the_old_one_stays():
    walk = HistoryWalk()
    assert walk.step("draft", HISTORY, 1) == "newest"

    assert walk.step("newest and more", HISTORY, 1) == "draft"
    assert walk.step("draft", HISTORY, 1) == "newest"
    assert walk.step("newest", HISTORY, -1) == "draft"
    assert walk.step("draft", HISTORY, -1) == "newest and more"


def test_after_its_end_the_walk_begins_anew():
    walk = HistoryWalk()
    walk.step("draft", HISTORY, 1)
    walk.end()

    assert walk.step("newest", HISTORY, -1) is None
    assert walk.step("newest", HISTORY, 1) == "older"


def test_without_a_history_there_is_nowhere_to_go():
    walk = HistoryWalk()

    assert walk.step("draft", (), 1) is None
    assert walk.step("draft", (), -1) is None
