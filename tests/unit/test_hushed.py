"""Libraries may say that something is wrong, and where; an order to stop carries nothing along."""

import inspect
import logging
import traceback
import warnings

import pytest

from flows.guard import guarded, hushed

VALUE = "nobody.nilsdotter@example.com"


def raise_with_a_value() -> None:
    raise ValueError(f"cannot read {VALUE}")


@pytest.mark.parametrize("library", ["presidio-analyzer", "openpyxl.reader", "dataset", ""])
def test_a_library_may_say_where_but_not_what(library: str, caplog: pytest.LogCaptureFixture) -> None:
    with hushed():
        try:
            raise_with_a_value()
        except ValueError:
            logging.getLogger(library).exception("failed to validate %s", VALUE)
        warnings.warn(f"the serial value {VALUE} is no date", UserWarning, stacklevel=1)
    assert VALUE not in caplog.text
    assert "a message at test_hushed.py" in caplog.text
    assert "UserWarning at test_hushed.py" in caplog.text


@pytest.mark.parametrize("module", ["pseudonymize.redact", "flows.guard", "prefect.flow_runs"])
def test_our_own_log_messages_stay_as_they_are(module: str, caplog: pytest.LogCaptureFixture) -> None:
    with hushed():
        logging.getLogger(module).warning("%d rows withheld", 3)
    assert "3 rows withheld" in caplog.text


def test_libraries_speak_again_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    with hushed():
        pass
    logging.getLogger("library").warning("here I am")
    assert "here I am" in caplog.text
    with pytest.warns(UserWarning, match="here too"):
        warnings.warn("here too", stacklevel=1)


def test_a_guarded_function_is_hushed(caplog: pytest.LogCaptureFixture) -> None:
    guarded(lambda: logging.getLogger("library").warning(VALUE))()
    assert "left out" in caplog.text
    assert VALUE not in caplog.text


def test_an_order_to_stop_stays_one_and_loses_what_it_broke_into() -> None:
    @guarded
    def be_stopped() -> None:
        try:
            raise_with_a_value()
        except ValueError:
            raise KeyboardInterrupt  # noqa: B904 - a signal comes when it comes

    with pytest.raises(KeyboardInterrupt) as stop:
        be_stopped()
    assert VALUE not in "".join(traceback.format_exception(stop.value))


def test_a_guarded_function_keeps_its_signature() -> None:
    def double(number: int, times: int = 2) -> int:
        return number * times

    assert inspect.signature(guarded(double)) == inspect.signature(double)
