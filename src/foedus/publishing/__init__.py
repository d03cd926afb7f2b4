"""What a release needs to be found and linked to: `python -m foedus.publishing`.

statistics.py   data/statistics.ttl, what is in the graph: VoID, with class and property partitions
published.py    the list of every IRI that was ever published, of which none may vanish
examples.py     the saved queries as SIB sparql-examples
crate.py        a release as a folder, described as an RO-Crate by metadata.py; citing.py who made it, and when
__main__.py     the command
"""

from __future__ import annotations
