-- One row a topic of an article; 公益 stands for public interest as such, and an article without it is about none.
SELECT
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    topic.name AS topic,
    topic.weight,
    topic.terms
FROM articles
JOIN article_version ON article_version.article_id = articles.id AND article_version.version = articles.version
JOIN topic ON topic.text_id = article_version.text_id
