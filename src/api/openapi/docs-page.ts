import type { DocsFiles } from './docs-files.js';

export const DOCS_PATH = '/api/docs';

/** Scripts, styles and requests of this host only. The viewer's icons are `data:` images. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const DOCS_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The page that shows the document. It loads the files by a version that changes with them. */
export function docsPage(files: DocsFiles): string {
  const links = [...files].map(([name, { version }]) => tagOf(`${DOCS_PATH}/${name}?v=${version}`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>Onetime API</title>
${links.join('\n')}
</head>
<body>
<form id="find" role="search">
<label for="words">Search</label>
<input id="words" type="search" autocomplete="off" placeholder="path, name or words">
<a href="/api/openapi.json">openapi.json</a>
</form>
<p id="found" role="status"></p>
<noscript><p>This page needs JavaScript. The same as a file: <a href="/api/openapi.json">openapi.json</a></p></noscript>
<main id="docs"></main>
</body>
</html>
`;
}

function tagOf(path: string): string {
  return path.includes('.css?')
    ? `<link rel="stylesheet" href="${path}">`
    : `<script src="${path}" defer></script>`;
}
