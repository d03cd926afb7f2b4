"""Links to what others identify: what the graph says of them, whether the authorities agree, and how more are found.

`recorded.py` reads the link sets; `authorities.py` tells how each authority says what is compared; `asking.py` asks its
endpoint, `files.py` reads what was downloaded from it; `checking.py` compares. `delimited.py` reads the tables of
others, `identifiers.py` tells what their keys stand for, `joining.py` joins them to an answer. `suggesting.py` finds
candidates, at the endpoints and through `services.py` at reconciliation services, and `accepting.py` writes what a
person accepts.

Our own things are served to be matched: `entities.py` gathers what tells them apart, `wording.py` levels how names are
written, `matching.py` finds and scores, `protocol.py` speaks the Reconciliation Service API, `reconciliation.py` HTTP.
"""
