from __future__ import annotations

import pytest

from .conftest import PLUGIN


def test_only_the_plugin_that_is_asked_for_is_loaded(site):
    for name in ("ko", "sr"):
        site.add(name, distribution=f"fake-{name}")
    code = """
import sys
from hdcore.registry.discovery import Installed
from hdcore.registry.manager import PluginManager
manager = PluginManager({n: Installed(n, f"fake_{n}.plugin", f"fake-{n}", "1") for n in ("sr", "ko")})
manager.iod("ko")
print("fake_ko" in sys.modules, "fake_sr" in sys.modules)
"""
    assert site.output(code) == "True False"


def test_a_strangers_plugin_creates_and_reads(site):
    site.add("alpha", sop_classes=("1.2.3.4",))
    code = """
import hdcore
made = hdcore.create("alpha", label="X")
made.SOPClassUID = "1.2.3.4"
print(type(made).__module__, made.ContentLabel, type(hdcore.read(made)).__name__)
"""
    assert site.output(code) == "hdcore_alpha.objects X Made"


def test_a_plugin_that_fails_to_load_is_one_warning_and_the_rest_work(site):
    site.add("broken", "import no_such_module")
    site.add("alpha", sop_classes=("1.2.3.4",))
    code = """
import warnings, hdcore
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    hdcore.create("alpha"); hdcore.plugins(); hdcore.plugins()
of_broken = [str(warning.message) for warning in caught if "hdcore-broken" in str(warning.message)]
print(len(of_broken), [bool(plugin.error) for plugin in hdcore.plugins() if plugin.name == "broken"])
try:
    hdcore.create("broken")
except ImportError as error:
    print("no_such_module" in str(error))
"""
    assert site.output(code) == "1 [True]\nTrue"


def test_two_distributions_with_one_name_are_refused_by_both_their_names(site):
    site.add("alpha", distribution="first-dist")
    site.add("alpha", distribution="second-dist")
    code = """
import hdcore
try:
    hdcore.create("alpha")
except hdcore.PluginConflictError as error:
    print("first-dist" in str(error), "second-dist" in str(error))
"""
    assert site.output(code) == "True True"


def test_two_distributions_with_one_sop_class_are_refused_by_both_their_names(site):
    site.add("alpha", sop_classes=("1.2.3.4",))
    site.add("beta", sop_classes=("1.2.3.4",))
    code = """
import hdcore
try:
    hdcore.plugins()
except hdcore.PluginConflictError as error:
    print("hdcore-alpha" in str(error), "hdcore-beta" in str(error), "1.2.3.4" in str(error))
"""
    assert site.output(code) == "True True True"


def test_an_iod_must_be_named_like_its_entry_point(site):
    site.add("alpha", sop_classes=())
    plugin = site.folder / "hdcore_alpha" / "plugin.py"
    plugin.write_text(plugin.read_text().replace("name='alpha'", "name='other'"))
    run = site.run("import hdcore; hdcore.create('alpha')")
    assert "PluginLoadError" in run.stderr
    assert "begin with 'alpha.'" in run.stderr


def test_hooks_of_others_see_created_objects_and_add_rules_and_identify(site):
    site.add("alpha", sop_classes=("1.2.3.4",))
    site.add(
        "house",
        """
from hdcore.registry import hookimpl
from hdcore.validation import equals

@hookimpl
def hdcore_created(iod, instance):
    instance.InstitutionName = f"completed {iod.name}"

@hookimpl
def hdcore_rules(iod):
    return [equals("HOUSE1", "InstitutionName", "Ours", ref="house rules")]

@hookimpl
def hdcore_identify(dataset):
    return "alpha" if dataset.get("Modality") == "ALPHA" else None
""",
    )
    code = """
import hdcore
from pydicom.dataset import Dataset
from hdcore.registry import plugin_manager
print(hdcore.create("alpha").InstitutionName)
shared = Dataset(); shared.SOPClassUID = "9.9"; shared.Modality = "ALPHA"
print(type(hdcore.read(shared)).__name__)
print([rule.code for rule in plugin_manager().rules(plugin_manager().iod("alpha"))])
shared.InstitutionName = "Theirs"
print(*hdcore.validate(shared, select="HOUSE1").codes)
"""
    assert site.output(code) == "completed alpha\nMade\n['HOUSE1']\nHOUSE1"


HOOKS = {
    "hdcore_created": ("(iod, instance)", "hdcore.create('alpha')"),
    "hdcore_rules": ("(iod)", "hdcore.validate(shared)"),
    "hdcore_identify": ("(dataset)", "hdcore.read(shared)"),
}


@pytest.mark.parametrize(
    ("hook", "body"), [*((hook, "return 1 / 0") for hook in HOOKS), ("hdcore_rules", "yield from [1 / 0]")]
)
def test_a_hook_that_raises_is_named_with_its_plugin(site, hook, body):
    parameters, action = HOOKS[hook]
    site.add("alpha", sop_classes=("1.2.3.4",))
    site.add("house", f"""
from hdcore.registry import hookimpl

@hookimpl
def {hook}{parameters}:
    {body}
""")  # fmt: skip
    code = f"""
import hdcore
from pydicom.dataset import Dataset
shared = Dataset(); shared.SOPClassUID = "1.2.3.4"
try:
    {action}
except hdcore.PluginHookError as error:
    print(error); print(type(error.__cause__).__name__)
"""
    message, cause = site.output(code).splitlines()
    assert hook in message
    assert "'house' of hdcore-house 1.2" in message
    assert "division by zero" in message
    assert cause == "ZeroDivisionError"


def test_an_unknown_name_lists_the_names_that_exist(site):
    site.add("alpha")
    run = site.run("import hdcore; hdcore.create('typo')")
    assert "UnknownIODError" in run.stderr
    assert "alpha" in run.stderr.splitlines()[-1]


def test_a_known_plugin_that_is_absent_says_what_to_install():
    from hdcore.errors import PluginNotInstalledError
    from hdcore.registry.manager import PluginManager

    manager = PluginManager({})
    try:
        manager.iod("ann")
    except PluginNotInstalledError as error:
        assert "pip install hdcore-ann" in str(error)  # noqa: PT017
    else:
        raise AssertionError("no error")


def _failure(site, before, after):
    """Tell what making an object says where one thing in the plugin's module is wrong."""
    plugin = PLUGIN.format(name="alpha", package="hdcore_alpha", sop_classes=("1.2.3.4",))
    assert before in plugin
    site.add("alpha", plugin.replace(before, after, 1))
    code = """
import warnings, hdcore
warnings.simplefilter("ignore")
try:
    hdcore.create("alpha")
except hdcore.HdcoreError as error:
    print(type(error).__name__, error)
"""
    return site.output(code)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("hdcore_alpha.objects:make", "hdcore_alpha.object:make", "there is no module 'hdcore_alpha.object'"),
        ("hdcore_alpha.objects:make", "hdcore_alpha.objects:made", "'hdcore_alpha.objects' has no 'made'"),
        ("hdcore_alpha.objects:make", "hdcore_alpha.objects.make", "expected a module and a name in it"),
        ("('1.2.3.4',)", "'1.2.3.4'", "expected a tuple of UIDs: ('1.2.3.4',)"),
        ("def hdcore_iods", "def hdcore_iod", "unknown hook 'hdcore_iod'"),
    ],
)
def test_what_a_plugin_declares_wrongly_is_named(site, before, after, words):
    message = _failure(site, before, after)
    assert message.startswith("PluginLoadError")
    assert words in message


def test_a_plugin_without_iods_says_what_declares_them(site):
    message = _failure(site, "@hookimpl\n", "")
    assert message.startswith("UnknownIODError")
    assert "hdcore_iods, marked as @hookimpl" in message


def test_an_answer_of_hdcore_identify_that_is_no_iod_is_named_as_one(site):
    plugin = PLUGIN.format(name="alpha", package="hdcore_alpha", sop_classes=("1.2.3.4",))
    site.add("alpha", plugin + "\n@hookimpl\ndef hdcore_identify(dataset):\n    return 'alphabet'\n")
    code = """
import hdcore
from pydicom.dataset import Dataset
dataset = Dataset()
dataset.SOPClassUID = "1.2.3.4"
try:
    hdcore.read(dataset)
except hdcore.UnknownIODError as error:
    print(error)
"""
    assert "hook hdcore_identify answered 'alphabet'" in site.output(code)


def test_a_package_that_a_plugins_module_lacks_is_not_taken_for_the_module(site):
    site.add("alpha", sop_classes=("1.2.3.4",))
    (site.folder / "hdcore_alpha" / "objects.py").write_text("import no_such_module")
    code = """
import hdcore
try:
    hdcore.create("alpha")
except ModuleNotFoundError as error:
    print(type(error).__name__, error.name)
"""
    assert site.output(code) == "ModuleNotFoundError no_such_module"
