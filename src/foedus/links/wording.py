"""Names as people write them: a form in which spellings that mean the same are equal.

What is levelled: case, accents, punctuation and the full stops of abbreviations, `&`, a hyphen after `co`, the
possessive, British and American spelling. What is not levelled: different words, and a part for the whole.
"""

from __future__ import annotations

import functools
import re
import unicodedata

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_LEVELLED = (
    (re.compile(r"(?<=\b\w)\.(?=\w\b|$|\W)"), ""),  # U.S.
    (re.compile(r"['’ʼ]s\b"), ""),
    (re.compile(r"['’ʼ]"), ""),
    (re.compile(r"\bco-(?=\w)"), "co"),
    (re.compile(r"&"), " and "),
    (re.compile(r"\bdefens"), "defenc"),
    (re.compile(r"iz(?=(ation|ations|e|ed|ing)\b)"), "is"),
    (re.compile(r"[\W_]+"), " "),
)


@functools.lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """`text` in small letters without accents and punctuation, its words parted by single spaces.

    >>> normal("UK–Ukraine Agreement on Security Co-operation")
    'uk ukraine agreement on security cooperation'
    >>> normal("the U.S. & Côte d’Ivoire")
    'the us and cote divoire'
    """
    taken_apart = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    level = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    for pattern, replacement in _LEVELLED:
        level = pattern.sub(replacement, level)
    return level.strip()


#: Words that do not tell one name from another.
_SMALL = frozenset(normal("a an and between by for in of on the to with в для з за і й між на про та у").split())


def words(text: str) -> frozenset[str]:
    """The words of a text in its normal form that tell names apart, without their order.

    >>> sorted(words("Agreement on Security Cooperation between France and Ukraine"))
    ['agreement', 'cooperation', 'france', 'security', 'ukraine']
    """
    return frozenset(normal(text).split()) - _SMALL


def spelt(text: str) -> frozenset[str]:
    """The words of a person's name, where the endings and vowels that transliterations write differently are one.

    >>> spelt("Oleksiy Reznikov") == spelt("Reznikov, Oleksii") == spelt("Oleksij Reznikov")
    True
    """
    return frozenset(re.sub("[iyj]+", "i", word) for word in words(text))


def similarity(one: str, other: str) -> float:
    """How alike two texts in their normal form are, 0 to 100, whatever the order of their words.

    The similarity of the sorted words; where they share some, raised by three fifths of the way to 100 if the one has
    all the words of the other, and by less the more is left over on both sides.
    """
    from rapidfuzz import fuzz

    (sorted_one, words_one), (sorted_other, words_other) = _sorted(one), _sorted(other)
    in_order = float(fuzz.ratio(sorted_one, sorted_other))
    if not words_one & words_other:
        return in_order
    return max(in_order, 0.4 * in_order + 0.6 * fuzz.token_set_ratio(one, other))


@functools.lru_cache(maxsize=4096)
def _sorted(text: str) -> tuple[str, frozenset[str]]:
    found = text.split()
    return " ".join(sorted(found)), frozenset(found)
