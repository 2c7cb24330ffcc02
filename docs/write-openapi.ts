import { writeFileSync } from 'node:fs';
import { publicDocument } from '../src/api/openapi/public-document.js';

// Writes docs/openapi.json, the committed copy of what the gateway serves.

writeFileSync('docs/openapi.json', `${JSON.stringify(publicDocument(), null, 2)}\n`);
