"""What runs in a worker process. Importing it loads the models, so that all workers share them."""

from multiprocessing.connection import Connection

from threadpoolctl import threadpool_limits

from data.errors import DetectorUnavailable
from pseudonymize.redaction.engine import Engine
from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames


def _load() -> Engine | str:
    try:
        return Engine()
    except DetectorUnavailable as problem:
        return str(problem)
    except Exception as error:  # told to the parent, which withholds or refuses
        return f"the recognisers of personal data cannot be loaded ({type(error).__name__})"


_LOADED = _load()


def serve(pipe: Connection) -> None:
    """Search what comes over the pipe until its other end is closed."""
    window = NO_WINDOW
    threadpool_limits(1)  # there is a process for each processor already
    while True:
        try:
            names, plain = pipe.recv()
        except (EOFError, OSError):
            return
        window = window if names is None else WindowNames(names)
        try:
            results = _LOADED if isinstance(_LOADED, str) else _search(_LOADED, plain, window)
        except Exception:  # would be printed, and its message could hold a text; the parent sees the end
            return
        pipe.send(results)


def _search(
    engine: Engine, plain: list[tuple[str, str, str, tuple[str, ...], bool]], window: WindowNames
) -> object:
    works = engine.search([Answer(*fields) for fields in plain], window)
    return [("" if w.withheld else w.text, w.language, w.withheld, w.removed) for w in works]
