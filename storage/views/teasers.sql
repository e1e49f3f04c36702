-- One row a summary of another article that an article's page shows, and that article where the store holds it.
-- linked_by says how it is known: by its URL, by its text, or by title and site.
SELECT
    $article_columns,
    teaser.position,
    teaser.title AS teaser_title,
    teaser.text AS teaser_text,
    teaser.url AS teaser_url,
    teaser.cut,
    teaser_link.rule AS linked_by,
    teaser_link.target_id,
    target_page.url AS target_url,
    target_version.title AS target_title,
    target_site.publisher AS target_publisher,
    target.published_day AS target_published_day
FROM teaser
JOIN present_article ON present_article.article_id = teaser.article_id AND present_article.version = teaser.version
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
LEFT JOIN teaser_link
    ON teaser_link.article_id = teaser.article_id
    AND teaser_link.version = teaser.version
    AND teaser_link.position = teaser.position
LEFT JOIN present_article AS target ON target.article_id = teaser_link.target_id
LEFT JOIN article_version AS target_version
    ON target_version.article_id = target.article_id AND target_version.version = target.version
LEFT JOIN page AS target_page ON target_page.id = target.article_id
LEFT JOIN site AS target_site ON target_site.id = target.site_id
