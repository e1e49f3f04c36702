LEFT JOIN article_version
    ON article_version.article_id = present_article.article_id AND article_version.version = present_article.version
LEFT JOIN page ON page.id = present_article.article_id
LEFT JOIN site ON site.id = present_article.site_id
