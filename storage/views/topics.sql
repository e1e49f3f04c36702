-- One row a topic of an article; 公益 stands for public interest as such, and an article without it is about none.
SELECT
    $article_columns,
    topic.name AS topic,
    topic.weight,
    topic.terms
FROM topic
JOIN present_article ON present_article.text_id = topic.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
