import { writeFileSync } from 'node:fs';
import { adminDocument } from '../src/admin/admin-document.js';
import type { OpenApiDocument } from '../src/api/openapi/openapi-document.js';
import { publicDocument } from '../src/api/openapi/public-document.js';

// Writes docs/openapi.json and docs/openapi-admin.json, the committed copies of what the gateway serves.

function write(file: string, document: OpenApiDocument): void {
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
}

write('docs/openapi.json', publicDocument());
write('docs/openapi-admin.json', adminDocument());
