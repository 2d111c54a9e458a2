"""What is patched in other libraries stands in one list, with its reason and when it can go."""

import re

import pytest

from tests.house import PROJECT, House
from tests.patches import MARK, overrides, patches

LIST = (PROJECT / "docs" / "patches.md").read_text(encoding="utf-8")
ROWS = {name: rest for name, *rest in re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \| (.+?) \|$", LIST, re.M)}
TEXTS = {path: path.read_text(encoding="utf-8") for path in sorted((PROJECT / "briefing").rglob("*.py"))}


def test_every_mark_has_a_row_and_every_row_a_mark() -> None:
    marked = {name for text in TEXTS.values() for name in MARK.findall(text)}
    marked |= set(MARK.findall((PROJECT / "pyproject.toml").read_text(encoding="utf-8")))
    assert marked == set(ROWS)


@pytest.mark.long
def test_no_patch_is_without_a_mark() -> None:
    found = [
        patch
        for path, text in TEXTS.items()
        for module in [".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")]
        for patch in [*patches(module, text), *overrides(module, text)]
    ]
    assert len(found) > 20
    assert [patch for patch in found if patch.name not in ROWS] == []


@pytest.mark.parametrize("name", ROWS)
def test_a_patch_was_looked_at_with_the_version_that_is_installed(name: str) -> None:
    library, version = ROWS[name][0].split()
    text = (PROJECT / ("pyproject.toml" if library == "python" else "requirements.lock")).read_text(encoding="utf-8")
    held = re.search(r'requires-python = ">=(.*)"' if library == "python" else rf"^{library}==([\d.]+)", text, re.M)
    assert held is not None, f"{library} is in no lock: take {name} out of docs/patches.md"
    assert f"{held[1]}.".startswith(f"{version}."), f"{library} is {held[1]} now: does {name} still have to be?"


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("import voila\nvoila.app.Voila.start = 1", "voila.app.Voila.start"),
        ("def f():\n    from altair import Chart as C\n    return C._esm", "C._esm"),
        ("from server._tz import utcnow", "server._tz: _tz"),
        ("import a\nvars(a)['b'] = 1", "vars(a)['b']"),
        ("vars(thread).update(x=1)", "vars(thread).update"),
        ("setattr(kernel, 'modules', [])", "setattr(kernel, 'modules', [])"),
        ("import a\ndel a.b", "a.b"),
    ],
)
def test_a_patch_without_a_mark_is_found_and_one_with_it_is_named(text: str, touches: str) -> None:
    (found,) = patches("module", text)
    assert (found.touches, found.name) == (touches, "")
    (found,) = patches("module", re.sub(r"(.*)$", r"\1  # patch: why-not", text))
    assert found.name == "why-not"


def test_a_replaced_method_that_a_library_keeps_to_itself_is_found() -> None:
    module = "briefing.prefork.without_profile"
    text = House().project.joinpath("briefing/prefork/without_profile.py").read_text(encoding="utf-8")
    found = {patch.touches: patch.name for patch in overrides(module, MARK.sub("", text))}
    assert found["NoProfile._mkdir"] == found["Shell._ipython_dir_changed"] == ""


@pytest.mark.parametrize(
    "text",
    ["from briefing.page import Page\nPage._id = 1", "import os\nos._exit(1)", "a = self._kept", "print(vars(origin))"],
)
def test_what_is_ones_own_is_no_patch(text: str) -> None:
    assert list(patches("module", text)) == []
