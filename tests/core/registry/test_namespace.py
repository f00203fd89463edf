from __future__ import annotations

SPELLINGS = {
    "attribute": "import hdcore as hd; seg = hd.alpha",
    "from import": "from hdcore import alpha as seg",
    "import": "import hdcore.alpha; seg = hdcore.alpha",
    "name import": "from hdcore.alpha import objects; import hdcore_alpha as seg; assert seg.objects is objects",
}


def test_all_four_spellings_give_the_plugins_own_package(site):
    site.add("alpha")
    for spelling, code in SPELLINGS.items():
        assert site.output(f"{code}\nimport hdcore_alpha; print(seg is hdcore_alpha)") == "True", spelling


def test_submodules_are_loaded_once(site):
    site.add("alpha")
    code = """
import hdcore.alpha.objects as one
import hdcore_alpha.objects as two
import pickle
print(one is two, one.Made.__module__, one.__spec__.name, type(pickle.loads(pickle.dumps(one.make()))).__module__)
"""
    assert site.output(code) == "True hdcore_alpha.objects hdcore_alpha.objects hdcore_alpha.objects"


def test_a_known_plugin_that_is_absent_is_hinted_at_in_every_spelling(site):
    code = """
import importlib_metadata
importlib_metadata.entry_points = lambda **_: []
import hdcore
assert not hasattr(hdcore, "ann")
for statement in ("import hdcore.ann", "from hdcore import ann", "from hdcore.ann import X", "hdcore.ann"):
    try:
        exec(statement)
    except (ImportError, AttributeError) as error:
        print("pip install hdcore-ann" in str(error))
"""
    assert site.output(code).split() == ["True"] * 4


def test_importing_hdcore_loads_nothing_heavy(site):
    code = """
import sys
import hdcore
print(sorted({"numpy", "pydicom", "pluggy", "importlib_metadata", "typing", "re", "PIL"} & set(sys.modules)))
"""
    assert site.output(f"import sys; sys.flags\n{code}").strip("[]").replace("'", "").split(", ") in ([""], ["re"])


def test_the_list_of_names_leaves_plugins_out(site):
    site.add("alpha")
    assert site.output("import hdcore; print('alpha' in hdcore.__all__, 'seg' in hdcore.__all__)") == "False False"


def test_names_are_found_below_the_modules_of_highdicom_too(site):
    site.add("alpha")
    code = """
import hdcore as hd
import hdcore.alpha.templates, hdcore_alpha
from hdcore.alpha.objects import make
from hdcore.alpha.sop import objects
try:
    hd.alpha.sop.nothing
except AttributeError as error:
    print(error)
print(objects is hdcore_alpha.objects, hd.alpha.enum.objects is objects, hd.enum.PadModes is hd.PadModes)
"""
    assert site.output(code).splitlines() == [
        "module 'hdcore.alpha.sop' has no attribute 'nothing', and neither has hdcore_alpha",
        "True True True",
    ]
