-- One row for each summary on an article's page that is known to be of another article: target_id. The view articles
-- has more of either.
SELECT
    teaser_link.target_id,
    present_article.article_id,
    present_article.published_day,
    present_article.relation,
    teaser_link.position,
    teaser_link.rule AS linked_by
FROM teaser_link
JOIN present_article
    ON present_article.article_id = teaser_link.article_id AND present_article.version = teaser_link.version
