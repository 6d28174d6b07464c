#!/usr/bin/env bash
# Lighthouse on the page of a running service, on a processor slowed down four times: bench/page/lighthouse.sh [URL]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save lighthouse@12.8.2
CHROME_PATH=$(command -v chromium) node_modules/.bin/lighthouse "${1:-http://127.0.0.1:8000/}" --quiet \
    --only-categories=performance,accessibility,best-practices --throttling.cpuSlowdownMultiplier=4 \
    --chrome-flags="--headless=new --no-sandbox" --output=json --output-path=report.json
node --input-type=commonjs -e '
const { categories, audits } = require(process.cwd() + "/report.json");
for (const { title, score } of Object.values(categories)) console.log(Math.round(score * 100), title);
for (const name of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"])
  console.log(audits[name].displayValue, audits[name].title);
'
