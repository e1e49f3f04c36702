"""A story laid out as HTML: the text in one of the styles that editors leave, with what stands in it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.made_pages import furniture
from benchmarks.made_pages.habits import Byline, byline
from benchmarks.made_pages.page import Truth
from benchmarks.made_pages.story import Line, Story, make_story

Style = Literal["p", "indent", "span", "div", "br", "section", "table", "word"]


@dataclass(slots=True)
class Draft:
    """A story with the habit by which it credits people, and the truth so far."""

    draw: random.Random
    story: Story
    people: Byline
    truth: Truth
    before: list[str] = field(default_factory=list)

    @property
    def first_line(self) -> str:
        """The first paragraph of the text."""
        return self.story.body[0]


def draft(draw: random.Random, *, people: bool = True) -> Draft:
    """Draws a story and how it credits people."""
    story = make_story(draw)
    credited = byline(draw, story) if people else Byline([])
    body = list(story.body)
    truth = Truth(story.title, None, None, credited.authors, credited.editors, body, captions=story.captions)
    if credited.opening:
        body[0] = credited.opening + " " + body[0]
        for line in story.lines:
            if line.kind != "caption":
                line.text = body[0]
                break
    # a byline's own words may or may not be kept with the text
    truth.optional = [credited.first, credited.glued, *credited.last, *story.captions]
    truth.body = body
    return Draft(draw, story, credited, truth)


def without_info(made: Draft) -> None:
    """Leaves out the byline of the info line, on systems that print none there."""
    if any(name in made.people.info for name in made.truth.authors):
        made.truth.authors = []
    made.people.info = ""


def text_html(made: Draft, style: Style | None = None, *, furnished: bool = True) -> str:
    """Returns the text as HTML: the byline's own lines, pictures, subheads and, with `furnished`, things between."""
    draw = made.draw
    styles: tuple[Style, ...] = ("p", "p", "p", "indent", "span", "div", "br", "word")
    chosen: Style = style if style is not None else draw.choice(styles)
    lines = list(made.story.lines)
    pieces: list[str] = []
    if made.people.first:
        pieces.append(_row(draw, Line(made.people.first), chosen))
    if furnished and not made.story.captions and len(lines) > 2 and draw.random() < 0.4:
        pieces.append(furniture.picture(draw))
    last = max(i for i, line in enumerate(lines) if line.kind != "caption")
    advert_at = draw.randrange(1, len(lines)) if furnished and len(lines) > 4 and draw.random() < 0.35 else -1
    for index, line in enumerate(lines):
        if index == advert_at:
            pieces.append(furniture.advert(draw))
        if index == last and made.people.glued:
            line = Line(line.text + made.people.glued, line.kind)
        pieces.append(_row(draw, line, chosen))
    pieces += [_row(draw, Line(text), chosen) for text in made.people.last]
    return "\n".join(pieces)


def _row(draw: random.Random, line: Line, style: Style) -> str:
    if line.kind == "caption":
        return furniture.picture(draw, line.text)
    text = line.text
    if line.kind == "subhead":
        text = draw.choice((f"<strong>{text}</strong>", f"<b>{text}</b>", text))
    if style == "br":
        return f"　　{text}<br><br>" if draw.random() < 0.9 else f"&nbsp;&nbsp;&nbsp;&nbsp;{text}<br/>"
    if style == "indent":
        return f"<p>　　{text}</p>"
    if style == "span":
        return f'<p style="text-indent:2em"><span style="font-size:16px"><span style="font-family:宋体">{text}</span></span></p>'
    if style == "word":
        half = len(text) // 2
        cut = (
            text
            if "<" in text
            else f'{text[:half]}</span><span lang="EN-US" style="font-size:12pt">{text[half:]}'
        )
        return f'<p class="MsoNormal" style="line-height:150%"><span style="font-family:仿宋_GB2312">{cut}</span></p><p class="MsoNormal">&nbsp;</p>'
    if style == "div":
        return f"<div>{text}</div><div><br></div>"
    if style == "section":
        return f'<section style="margin:0 8px"><section><p style="letter-spacing:1px"><span style="color:#333">{text}</span></p></section></section>'
    if style == "table":
        return f'<tr><td height="24"><font size="3">　　{text}</font></td></tr>'
    if line.kind == "subhead" and draw.random() < 0.3:
        return f"<h3>{text}</h3>"
    return f"<p>{text}</p>"


def around(made: Draft, main: str) -> str:
    """Sets `main`, the column with the article, between navigation, rankings, comments and small print."""
    draw = made.draw
    after = [furniture.share(draw)] if draw.random() < 0.6 else []
    for part, chance in (
        (furniture.tags, 0.3),
        (furniture.neighbours, 0.4),
        (furniture.related, 0.7),
        (furniture.comments, 0.35),
        (furniture.author_card, 0.15),
        (furniture.gallery_strip, 0.2),
    ):
        if draw.random() < chance:
            after.append(part(draw))
    side = "".join(furniture.ranking(draw) for _ in range(draw.randint(0, 3)))
    left = f'<div class="{draw.choice(("left", "fl w680", "main", "main-l", "col-md-8"))}">{main}{"".join(after)}</div>'
    body = side + left if draw.random() < 0.2 else left + side
    lead = furniture.nav(draw) + (furniture.trail(draw) if draw.random() < 0.7 else "")
    return f'{lead}<div class="{draw.choice(("wrap", "container", "w1200", "content_wrap", "mainbox"))}">{body}</div>{furniture.footer(draw)}'


def closing(made: Draft) -> str:
    """What editors and systems put under a text, inside its element."""
    draw = made.draw
    parts = []
    for part, chance in ((furniture.invitation, 0.25), (furniture.disclaimer, 0.3)):
        if draw.random() < chance:
            parts.append(part(draw))
    if draw.random() < 0.15:
        parts.append(furniture.related(draw, inside=True))
    return "\n".join(parts)


def html_page(made: Draft, head: str, body: str, *, title: str | None = None) -> str:
    """Returns a whole page; `title` is what the title element says."""
    draw = made.draw
    name = title if title is not None else page_title(draw, made.story)
    junk = '<script>var _hmt=_hmt||[];(function(){var s="https://hm.example.com/h.js?v=1";})();</script><style>.a{color:red}</style>'
    doctype = draw.choice(
        (
            "<!DOCTYPE html>",
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
            "",
        )
    )
    return f'{doctype}\n<html><head><meta charset="utf-8"><title>{name}</title>{head}{junk}</head>\n<body>{body}{junk}</body></html>'


def page_title(draw: random.Random, story: Story) -> str:
    """Draws how the title element adds the column and the site to a title."""
    title, site = story.title, draw.choice((story.source, "澜声网", "江湾公益在线", "临澜市人民政府"))
    column = draw.choice(("公益", "社会新闻", "要闻", "民政动态", "志愿服务"))
    return draw.choice(
        (
            title,
            f"{title}_{site}",
            f"{title}-{column}-{site}",
            f"{title} - {site}",
            f"{title}--{column}--{site}",
            f"{title}|{site}",
            f"{title} | {column} - {site}",
            f"{site} {title}",
            f"{site}",
            f"{site}-{title}",
            f"[{column}]{title}_{site}",
            f"{title}_{column}_{site}",
            f"{title[:16]}..._{site}" if len(title) > 16 else title,
        )
    )


def as_script(value: object) -> str:
    """JSON as it stands in a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
