import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { answerQuestions } from '../worker.js';

/** A server with many names, whose certificates are read on first use, and one answer. */
export interface NamesServer {
  /** Has NAME.pem for each name: chain and key. */
  readonly directory: string;
  readonly body: string;
}

/** As many contexts as the gateway keeps. */
const CONTEXTS = 1000;

// The cost of node:https itself: no database, no framework, no log, no metrics.
answerQuestions<NamesServer, { readonly port: number }>(async ({ directory, body }) => {
  const contexts = new LRUCache<string, SecureContext>({ max: CONTEXTS });
  const contextOf = (name: string): SecureContext => {
    const known = contexts.get(name);
    if (known !== undefined) return known;
    const pem = readFileSync(join(directory, `${name}.pem`));
    const made = createSecureContext({ key: pem, cert: pem });
    contexts.set(name, made);
    return made;
  };
  const server = createServer(
    { SNICallback: (name, done) => done(null, contextOf(name)) },
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return { port: (server.address() as AddressInfo).port };
});
