"""How many examples the tests with random values try (`FUZZ_EXAMPLES`), and any value of a state or a program."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st
from pulumi.runtime import rpc

from pulumi_openai_admin.engine.outputs import SIGNATURE, wrap

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
NUMBERS = st.integers(-3, 100) | st.floats() | st.sampled_from([float("inf"), float("-inf"), float("nan"), 1e300])
TYPICAL = ["", "proj_1", "group_1", "user-1", "a/b", "..", "ada@example.com", "member", "[secret]", rpc.UNKNOWN]
TEXTS = st.sampled_from(TYPICAL) | st.text(max_size=8)
SPECIAL = [
    "c44067f5952c0a294b673a41bacd8c17",
    "0def7320c3a5731c473e5ecbe6d01bc7",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    "",
]
VALUES: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(TEXTS, inner, max_size=3),
        inner.map(wrap),
        st.builds(lambda kind, value: {SIGNATURE: kind, "value": value}, st.sampled_from(SPECIAL), inner),
    ),
    max_leaves=6,
)
