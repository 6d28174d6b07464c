"""Stop: work learns that nobody waits for it."""

import pytest

from footnote.app.core.stop import Stop, Stopped


def test_work_goes_on_until_it_is_set():
    stop = Stop()
    stop.check()
    stop.set()
    with pytest.raises(Stopped):
        stop.check()


def test_what_waits_is_called_once_and_only_while_it_waits():
    stop, called = Stop(), []
    with stop.calling(lambda: called.append("before")):
        pass
    with stop.calling(lambda: called.append("waiting")):
        stop.set()
        stop.set()
    with stop.calling(lambda: called.append("late")):
        assert called == ["waiting", "late"]
