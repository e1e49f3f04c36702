JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
