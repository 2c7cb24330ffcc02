import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { PublicFile } from '../../shared/public-file.js';

const VIEWER = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
const PACKAGE = pathToFileURL(VIEWER);
const FOREVER = 'public, max-age=31536000, immutable';
const CSS = 'text/css';
// The bundle has characters beyond ASCII: without a charset it does not run.
const SCRIPT = 'text/javascript';

/** What the page of the document consists of, by file name. Nothing of it comes from elsewhere. */
export type DocsFiles = ReadonlyMap<string, PublicFile>;

/** Of the process, as they have nothing of a region. Read for the first request. */
let files: DocsFiles | null = null;

export function docsFiles(): DocsFiles {
  files ??= new Map([
    ['swagger-ui.css', fileAt(new URL('swagger-ui.css', PACKAGE), CSS)],
    ['docs.css', fileAt(new URL('docs.css', import.meta.url), CSS)],
    ['swagger-ui-bundle.js', fileAt(new URL('swagger-ui-bundle.js', PACKAGE), SCRIPT)],
    ['docs.js', fileAt(new URL('docs.js', import.meta.url), SCRIPT)],
  ]);
  return files;
}

function fileAt(url: URL, type: string): PublicFile {
  return new PublicFile(readFileSync(url, 'utf8'), type, FOREVER);
}
