"""Search in several processes: the models are loaded once and shared, texts go over private pipes.

A worker gets plain texts with what is known of their writers, in memory alone, and gives back redacted
texts and counts. One that does not answer in time is stopped, and the text that stopped it withheld.
"""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from typing import Any

from data.errors import DetectorUnavailable
from pseudonymize.redaction.people import Answer, WindowNames

_PATIENCE = 120.0
_SECONDS_A_CHARACTER = 1e-3


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """A redacted text, or the reason why it is withheld; counts by kind."""

    text: str
    language: str
    withheld: str
    removed: Counter[str]


class Pool:
    """Worker processes that search texts; started when made, gone with it."""

    def __init__(self, count: int, patience: float = _PATIENCE) -> None:
        """`patience`: seconds that a worker may take, with its start, besides a millisecond a character."""
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pseudonymize.redaction.worker"])
        self._workers = [_Worker(self._context, patience) for _ in range(count)]

    def search(self, answers: Sequence[Answer], window: WindowNames) -> list[Result]:
        """What became of each answer, in order."""
        share = -(-len(answers) // len(self._workers)) or 1
        parts = [answers[i : i + share] for i in range(0, len(answers), share)]
        busy = list(zip(self._workers, parts, strict=False))
        for worker, part in busy:
            worker.send(part, window)
        return [result for worker, part in busy for result in worker.receive(part, window)]

    def close(self) -> None:
        """Stop the workers."""
        for worker in self._workers:
            worker.stop()


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self, context: ForkServerContext, patience: float) -> None:
        self._context = context
        self._patience = patience
        self._start()

    def _start(self) -> None:
        from pseudonymize.redaction.worker import serve

        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._window: WindowNames | None = None

    def send(self, answers: Sequence[Answer], window: WindowNames) -> None:
        """Hand over texts, and the window's names where they are others than before."""
        names = None if window is self._window else window.names
        self._window = window
        plain = [(a.text, a.declared_language, a.name, a.addresses, a.certain) for a in answers]
        with suppress(OSError):  # a worker that died is noticed when it does not answer
            self._pipe.send((names, plain))

    def receive(self, answers: Sequence[Answer], window: WindowNames) -> Iterator[Result]:
        """The results of what was sent; a text that the worker cannot be got through is withheld."""
        results = self._answer(answers)
        if results is not None:
            yield from results
            return
        self._restart()
        if len(answers) == 1:
            yield Result("", "und", "error", Counter())
            return
        for answer in answers:
            self.send([answer], window)
            yield from self.receive([answer], window)

    def _answer(self, answers: Sequence[Answer]) -> list[Result] | None:
        allowed = self._patience + sum(_SECONDS_A_CHARACTER * len(a.text) for a in answers)
        try:
            if self._pipe.poll(allowed):
                received: Any = self._pipe.recv()
                if isinstance(received, str):
                    raise DetectorUnavailable(received, hint="reinstall Tillit and its locked requirements")
                return [Result(*fields) for fields in received]
        except (OSError, EOFError):
            pass
        return None

    def _restart(self) -> None:
        self.stop()
        self._start()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
