"""What Prefect's server keeps of our runs: names, parameters, states and logs, none of them of a person.

Prefect's own vacuum would delete them too, but an operator has to switch it on, and nobody would notice
where it is off. Only runs that bear our tag are touched: the server may have other work.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from data.errors import OutsideSystemFailed
from data.store import Event, Holding, Subject, Why

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

#: On every deployment of `prefect.yaml`, and so on every run of one.
TAG = "tillit"
_PAGE = 200


@dataclass(frozen=True, slots=True)
class PrefectStore:
    """Our runs on the server whose API is at `api`, since they ended; with no server there are none.

    A run whose worker was killed never ends: it counts from when it began, or was to.

    Raises `OutsideSystemFailed` where the server does not answer.
    """

    api: str
    name = "prefect"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        for run in self._runs():
            since = run.end_time or run.start_time or run.expected_start_time or run.created
            if ids is None or str(run.id) in ids:
                yield Holding(str(run.id), {Event.COLLECTED: since} if since else {}, survey=None)

    def of(self, _subject: Subject) -> Collection[str]:
        return ()

    def forget(self, ids: Collection[str], _why: Why) -> int:
        from prefect.exceptions import ObjectNotFound

        here = self.present(ids)
        with self._client() as client:
            for run_id in here:
                with suppress(ObjectNotFound):  # the server's own vacuum was quicker
                    client.delete_flow_run(UUID(run_id))
        return len(here)

    def present(self, ids: Collection[str]) -> set[str]:
        return {str(run.id) for run in self._runs()} & set(ids) if ids else set()

    def _runs(self) -> Iterator["FlowRun"]:
        if not self.api:
            return
        from prefect.client.schemas.filters import FlowRunFilter  # Prefect takes seconds to import
        from prefect.client.schemas.sorting import FlowRunSort

        ours = FlowRunFilter.model_validate({"tags": {"all_": [TAG]}})
        offset = 0
        with self._client() as client:
            while runs := client.read_flow_runs(
                flow_run_filter=ours, sort=FlowRunSort.ID_DESC, limit=_PAGE, offset=offset
            ):
                yield from runs
                offset += len(runs)

    @contextmanager
    def _client(self) -> Iterator["SyncPrefectClient"]:
        from httpx import HTTPError, InvalidURL
        from prefect.client.orchestration import SyncPrefectClient
        from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_KEY

        secrets = {"auth_string": PREFECT_API_AUTH_STRING.value(), "api_key": PREFECT_API_KEY.value()}
        try:
            with SyncPrefectClient(self.api, **secrets) as client:
                yield client
            return
        except (HTTPError, InvalidURL) as error:
            problem = type(error).__name__
        raise OutsideSystemFailed(
            f"Prefect's server does not answer as it should ({problem})",
            hint="start it, or unset PREFECT_API_URL where nothing is scheduled",
        )
