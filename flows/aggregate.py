"""Keep what may be kept of answers that end as groups, before they are deleted."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from data.stores import aggregates
from flows.wiring import Home
from governance.groups import COLUMNS, groups


def aggregate(home: Home, controller: str, batch: str, response_keys: Collection[str], *, fine: bool) -> int:
    """Count some answers in groups of enough people; returns how many groups there are.

    Done again for the same batch, it takes the place of what was counted then. Groups that are too
    small are not kept, so that nothing is left of an answer in one.
    """
    if not response_keys:
        return 0
    answers = home.responses.read(controller, ["response_key", *COLUMNS])
    ours = pc.is_in(answers["response_key"], value_set=pa.array(sorted(response_keys), pa.string()))
    smallest = int(home.policy(controller).limit("group_size"))
    found = groups(answers.filter(ours).to_pylist(), smallest, fine=fine)
    with home.engine.begin() as connection:
        aggregates.put(connection, controller, batch, found, home.clock.now())
    return len(found)
