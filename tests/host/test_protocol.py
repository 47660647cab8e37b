"""The generated files say what the messages say now."""

import importlib.util
import json
from pathlib import Path

import pytest

from clipwright import messages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("write_protocol", ROOT / "pyapp" / "write_protocol.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_javascript_is_current(writer):
    assert (ROOT / "web" / "protocol.gen.js").read_text("utf-8") == writer.javascript()


def test_the_schema_is_current(writer):
    assert (ROOT / "web" / "protocol.schema.json").read_text("utf-8") == writer.schema()


def test_every_operation_and_code_is_in_both(writer):
    text = writer.javascript()
    discriminator = json.loads(writer.schema())["discriminator"]["mapping"]
    for kind in messages.REPLIES:
        op = kind.__struct_config__.tag
        assert f"    '{op}',\n" in text
        assert op in discriminator
    for code in messages.ERROR_CODES:
        assert f"    '{code}',\n" in text


def test_every_type_that_is_named_is_defined(writer):
    defined = json.loads(writer.schema())["$defs"]
    text = writer.javascript()
    for struct in defined:
        assert f"@typedef {{object}} {struct}\n" in text
