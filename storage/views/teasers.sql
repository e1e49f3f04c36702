-- One row a summary of another article that an article's page shows, and that article where the store holds it.
-- linked_by says how it is known: by its URL, by its text, or by title and site.
SELECT
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    teaser.position,
    teaser.title AS teaser_title,
    teaser.text AS teaser_text,
    teaser.url AS teaser_url,
    teaser.cut,
    teaser_link.rule AS linked_by,
    target.id AS target_id,
    target.url AS target_url,
    target.title AS target_title,
    target.publisher AS target_publisher,
    target.published_day AS target_published_day
FROM articles
JOIN teaser ON teaser.article_id = articles.id AND teaser.version = articles.version
LEFT JOIN teaser_link
    ON teaser_link.article_id = teaser.article_id
    AND teaser_link.version = teaser.version
    AND teaser_link.position = teaser.position
LEFT JOIN articles AS target ON target.id = teaser_link.target_id
