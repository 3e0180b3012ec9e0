import ast
import subprocess
import sys

from sana_desktop.system.settings_doc import settings_page, texts_module
from sana_desktop.system.settings_schema import shipped_schema


def test_the_page_explains_every_preference_with_default_and_effect():
    page = settings_page(shipped_schema())

    for setting in shipped_schema().settings.values():
        assert f"### `{setting.key}`" in page
        assert setting.help in page
        assert all(f"- `{choice}`: " in page for choice in setting.choices)
    assert "- Takes a number from 0 to 50 (%)" in page
    assert "- Without a choice: No extra folder" in page
    assert page.count("\n- Counts ") == len(shipped_schema().settings)


def test_the_list_for_translators_holds_every_text_once():
    module = ast.parse(texts_module(shipped_schema()))

    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and len(node.args) == 2]
    found = [call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)]
    assert len(found) == len(set(found))
    for setting in shipped_schema().settings.values():
        assert {setting.label, setting.help, *setting.names} <= set(found)


def test_importing_it_writes_nothing():
    code = "import pathlib; pathlib.Path.write_text = None; import sana_desktop.system.settings_doc"

    subprocess.run([sys.executable, "-c", code], check=True)
