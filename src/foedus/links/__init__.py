"""Links to what others identify: what the graph says of them, and whether the authorities agree.

`recorded.py` reads the link sets; `authorities.py` tells how each authority says what is compared; `asking.py` asks its
endpoint, `files.py` reads what was downloaded from it; `checking.py` compares.
"""
