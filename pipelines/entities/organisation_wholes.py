"""Whether two organisations that follow each other are one name: a whole and its part (某某大学附属医院)."""

from __future__ import annotations

import re
from typing import Final

from pipelines.entities.divisions import short_codes
from pipelines.entities.lexicon import words
from pipelines.entities.organisation_runs import MAX_BRANCH, OWN_LEVEL, Candidate, Run, patterns, proper_part

_WORDS: Final = "organisation_words.toml"
PARTY_LEADS: Final = words(_WORDS, "party_leads")
_OF_STUDENTS: Final = frozenset(words(_WORDS, "student_groups"))
# forms of branches, which stand behind the name of the whole and a place
_BRANCH = re.compile(
    "公司|有限公司|有限责任公司|股份公司|集团公司|分公司|分行|支行|分会|分院|学院|医院|研究院|支队|大队|总队|分局|校区|供电公司|红十字会|委员会|志愿服务队"
)
_HAVE_BRANCHES: Final = ("社会团体", "基金会")
_FORCES: Final = ("总队", "支队", "大队")
# 德国伯尔基金会北京代表处
_OFFICES: Final = ("代表处", "联络处", "办事处")
_ANYWHERE: Final = ("基金会", "社会团体", "其他", "企业")
# 清华大学当代中国研究中心
_BROKEN = re.compile("[和与及的在由向为“”]|联合|共同|主办|承办")
_RESEARCH: Final = ("研究中心", "研究院", "研究所", "学院", "实验室")
_SEPARATE: Final = ("向", "与", "和", "及", "为", "在", "联合", "走进", "捐", "把", "给", "到")
_REGISTERED: Final = ("股份", "集团", "控股", "集团股份", "投资", "实业")
# say that what follows is a part of no name before it: 市工商联|直属商会
_UNDER: Final = ("直属", "下属", "所属", "各")


def are_one_name(  # noqa: C901 - one rule a branch, in the order in which they win
    run: Run, before: Candidate, hit: Candidate
) -> bool:
    """Whether the organisation before this suffix is a part of the same name (某某大学附属医院)."""
    if hit.form < before.end:
        return True
    between = run.text[before.end : hit.form]
    if not between and OWN_LEVEL.fullmatch(run.text, hit.form, hit.end):
        return False
    if between.startswith(_UNDER):
        return False
    if between.startswith("驻") and run.text[hit.form : hit.end] in _OFFICES:
        return len(between) <= MAX_BRANCH  # 联合国儿童基金会|驻华|办事处
    if before.kind == hit.kind == "企业" and between in _REGISTERED:
        return True  # 光明乳业|股份|有限公司
    if before.kind == "学校" and (between == "校" or run.text[hit.form : hit.end] in _OF_STUDENTS):
        return len(between) <= MAX_BRANCH and not _BROKEN.search(between)
    if before.kind == hit.kind == "媒体" and not between and run.text[hit.form : hit.end].endswith("集团"):
        return True
    if before.kind == hit.kind == "媒体" or between.startswith(("驻", *words(_WORDS, "connectives"))):
        return False
    if not proper_part(between):
        return True
    form = run.text[hit.form : hit.end]
    if (
        form == "委员会"
        and OWN_LEVEL.search(run.text, before.start, before.end)
        and len(between) <= MAX_BRANCH
    ):
        return not _BROKEN.search(between)  # 临澜市委|城乡社区发展治理委员会
    # 某商会青年工作委员会, 国务院妇女儿童工作委员会
    if form == "委员会" and not proper_part(between.removesuffix("工作")):
        return True
    if before.kind in _HAVE_BRANCHES and len(between) <= MAX_BRANCH and form in ("分会", "专委会"):
        return True
    holds = before.kind == "学校" and hit.kind == "学校"
    holds = holds or (before.kind in ("学校", "社会团体", "基金会") and hit.kind == "医疗")
    if holds and len(between) <= MAX_BRANCH and not between.startswith(_SEPARATE):
        return True
    if (
        before.kind == "学校"
        and form in _RESEARCH
        and len(between) <= MAX_BRANCH
        and not _BROKEN.search(between)
    ):
        return True
    bare = not proper_part(patterns().place.without(between).strip("省市区县州")) or between in short_codes()
    if bare or between in patterns().levels:
        whole = run.text[before.start : before.end]
        return whole.startswith(PARTY_LEADS) or (
            (before.kind in ("企业", "学校", "医疗", "社会团体") and _BRANCH.fullmatch(form) is not None)
            or (form in _FORCES and before.kind == "政府部门")
            or (form in _OFFICES and before.kind in _ANYWHERE and bool(between))
        )
    return False
