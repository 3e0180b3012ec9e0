from sana_desktop.domain.batch.problem import Problem, Weight, problem_of
from sana_desktop.errors import PromptListError, RecipeError


def test_a_problem_says_where_and_how_bad_and_what_to_do():
    assert str(Problem(3, 5, "No.", "Yes.")) == "line 3, column 5: error: No. Yes."
    assert str(Problem(3, 5, "No.", weight=Weight.WARNING)) == "line 3, column 5: warning: No."


def test_an_error_that_knows_its_column_keeps_it():
    assert problem_of(2, PromptListError("x", column=7, hint="h"), 3) == Problem(2, 7, "x", "h")
    assert problem_of(2, RecipeError("x"), 3) == Problem(2, 3, "x")
