"""Which element holds the article: weights of blocks, summed up the tree, the best one widened.

Every block gives its weight (length outside links, less when it has no
punctuation) to its node; a node passes a part of its score to its parent, so
that the element where an article's paragraphs come together scores highest
(the decaying sum is readability's; text against links CETD's). The winner is
then widened while its parent adds prose and not navigation, which joins
articles that are split into sections.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate

from pipelines.extract.blocks import PARAGRAPH_TAGS, Block, Layout, Node, tag_sets
from pipelines.extract.rules import is_foot, line_kind
from pipelines.extract.sections import CUT_END
from pipelines.extract.tables import load_table

_POST_ID = re.compile(
    r"(?:post_?message|post|floor|thread|message|reply|pid)_?\w{0,10}?_?\d+$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_COMMENTS = re.compile(r"comment|pinglun|\bcmt|reply|gentie|liuyan", re.IGNORECASE)


@cache
def weights() -> dict[str, float]:
    """The numbers in `scoring.toml`."""
    return load_table("scoring.toml")


def base_weight(block: Block, w: dict[str, float]) -> float:
    """How much `block` looks like prose by the numbers of `weights`, in units of text; 0 for navigation."""
    units = block.units
    if block.punctuation < 2 and block.link_units >= units * w["linked_share"]:
        return 0.0
    length = min(block.own_units, w["full_length"])
    if not block.punctuation:
        return length * w["loose_weight"] * min(1.0, length / w["loose_length"])
    density = block.punctuation * w["dense_punctuation"] / max(length, 1.0)
    weight = length * max(w["loose_weight"], min(1.0, density))
    return weight * w["foot_factor"] if is_foot(block.text, units) else weight


def choose_container(layout: Layout, description: str = "", title_at: int = 0) -> Node | None:
    """Returns the node that holds the article, or None when the page has no text.

    `description` is the page's own summary, `title_at` the index of the block
    that shows the title. Fills `weight` of the blocks and `factor` and `score`
    of the nodes.
    """
    blocks, nodes = layout.blocks, layout.nodes
    if not blocks:
        return None
    w = weights()
    for index, block in enumerate(blocks):
        block.weight = base_weight(block, w)
        if index < title_at:
            block.weight *= w["before_title_factor"]
        if description and block.own_units >= 10 and _repeats(block.text, description):
            block.summary = True
            block.weight *= w["description_bonus"]
    _set_factors(nodes, blocks)
    for block in blocks:
        block.weight *= block.node.factor
    best = _best(nodes, blocks)
    if best is None:
        return None
    best = _widen(best, blocks)
    return _opening_post(best, layout, title_at) or best


def _repeats(text: str, description: str) -> bool:
    head = text[:18]
    return len(head) >= 10 and head in description


def _set_factors(nodes: Sequence[Node], blocks: Sequence[Block]) -> None:
    w, aside = weights(), tag_sets()["aside"]
    sums = [0.0, *accumulate(b.weight for b in blocks)]
    total = sums[-1]
    for node in nodes:
        above = node.parent
        factor = above.factor if above else 1.0
        share = (sums[node.last] - sums[node.first]) / total if total else 0.0
        if node.hint == "body" and factor < 1.0 and share >= w["body_share"] and node.hidden is None:
            factor = 1.0
        elif node.hint == "cut" or node.tag in aside:
            outer = above.pardoned if above else 0.0
            majority = w["majority_of_comments"] if _names_comments(node.classes, node.id) else w["majority"]
            if share > majority or (outer and share > outer * majority):
                node.pardoned = share
            elif node.hint == "cut":
                factor = min(factor, w["cut_factor"])
            else:
                factor = min(factor, w["aside_factor"])
        elif above:
            node.pardoned = above.pardoned
        waits = w["hidden_body_majority"] if node.hint == "body" else w["hidden_majority"]
        if node.hidden is node and share <= waits:
            factor *= w["hidden_factor"]
        node.factor = factor


@lru_cache(maxsize=4096)
def _names_comments(classes: str, id_: str) -> bool:
    return _COMMENTS.search(f"{classes} {id_}") is not None


def _best(nodes: Sequence[Node], blocks: Sequence[Block]) -> Node | None:
    w = weights()
    for node in nodes:
        node.score = 0.0
    for block in blocks:
        block.node.score += block.weight
    best, top = None, 0.0
    for node in reversed(nodes):
        score = node.score
        if node.parent is not None:
            node.parent.score += score * w["decay"]
        if node.hint in ("keep", "body"):
            score *= w["keep_factor"]
        elif node.tag in ("body", "html"):
            score *= w["page_factor"]
        if score > top and node.tag not in PARAGRAPH_TAGS:
            best, top = node, score
    return best


def _widen(node: Node, blocks: Sequence[Block]) -> Node:
    w = weights()
    inner = sum(b.weight for b in blocks[node.first : node.last])
    best = node
    while node.parent is not None and node.parent.tag not in ("html", "body"):
        node = node.parent
        added = [*blocks[node.first : best.first], *blocks[best.last : node.last]]
        if not any(b.weight > 0 for b in added):
            continue
        gain = sum(b.weight for b in added if _is_own_prose(b))
        text = sum(b.units for b in added if b.node.factor > w["aside_factor"])
        if gain > inner * w["climb_gain"] and gain >= text * w["climb_purity"]:
            best, inner = node, inner + gain
    return best


def _opening_post(best: Node, layout: Layout, title_at: int) -> Node | None:
    """The first post of a thread in which `best` is another post, or holds them all; None on other pages.

    Boards number their posts: the ids of the elements differ by digits only.
    """
    posts: dict[tuple[str, str], list[Node]] = {}
    for node in layout.nodes:
        if node.id and node.first >= title_at and node.last > node.first and _POST_ID.search(node.id):
            posts.setdefault((node.tag, _DIGITS.sub("", node.id)), []).append(node)
    for series in posts.values():
        first = series[0]
        within = all(n.first >= best.first and n.last <= best.last for n in series)
        says = any(b.own_units >= 4 for b in layout.blocks[first.first : first.last])
        if len(series) > 1 and says and (within or best in series[1:]):
            return first
    return None


def _is_own_prose(block: Block) -> bool:
    """Whether a line outside the container is more of the article, not a summary of it or of another."""
    if block.weight <= 0 or block.summary or not block.prose or CUT_END.search(block.text):
        return False
    return not line_kind(block.text, block.units, "tail")
