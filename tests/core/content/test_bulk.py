"""The search for cycles pauses while many items are made."""

from __future__ import annotations

import gc
import os

import pytest

from hdcore.content.bulk import collection_paused


def test_the_search_pauses_and_goes_on():
    assert gc.isenabled()
    with collection_paused():
        assert not gc.isenabled()
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="The platform has no fork.")
def test_a_process_forked_during_a_pause_searches():
    with collection_paused():
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.isenabled() else 1)
        _, status = os.waitpid(child, 0)
        assert not gc.isenabled()
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_search_goes_on_after_an_error():
    @collection_paused()
    def fail():
        raise ValueError("paused" if not gc.isenabled() else "running")

    with pytest.raises(ValueError, match="paused"):
        fail()
    assert gc.isenabled()


def test_a_search_that_is_off_stays_off():
    gc.disable()
    try:
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_search_is_not_left_off_where_another_thread_ends_its_pause_meanwhile(monkeypatch):
    is_enabled = gc.isenabled

    def answer_and_let_the_other_thread_go_on():
        was_enabled = is_enabled()
        gc.enable()
        return was_enabled

    gc.disable()  # by the other thread
    monkeypatch.setattr(gc, "isenabled", answer_and_let_the_other_thread_go_on)
    with collection_paused():
        pass
    monkeypatch.undo()
    try:
        assert gc.isenabled()
    finally:
        gc.enable()
