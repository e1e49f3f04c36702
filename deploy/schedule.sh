#!/bin/sh
# Asks scrapyd for a crawl of every site; a site that is not due, or is being crawled, ends at once.
# usage: schedule.sh [http://127.0.0.1:6800]
set -eu
scrapyd=${1:-http://127.0.0.1:6800}
curl --fail --silent --show-error "$scrapyd/listspiders.json?project=gongyi-news" |
    python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)["spiders"]))' |
    while read -r site; do
        curl --fail --silent --show-error "$scrapyd/schedule.json" \
            -d project=gongyi-news -d spider="$site" -d setting=LEASE_DUE_ONLY=1
    done
