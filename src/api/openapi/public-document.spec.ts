import { readFileSync } from 'node:fs';
import { publicDocument } from './public-document.js';

const document = JSON.parse(JSON.stringify(publicDocument())) as unknown;

describe(publicDocument, () => {
  it('gives docs/openapi.json; run `npm run openapi` after a change of the contract', () => {
    expect(document).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
  });

  it('has a relative server, so that it is the same on every host', () => {
    expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: '/' }] });
  });
});
