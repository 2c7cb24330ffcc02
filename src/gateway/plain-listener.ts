import { createServer, type Server } from 'node:http';
import { SECOND } from '../shared/durations.js';
import type { RequestDispatcher } from './request-dispatcher.js';

/** The plain HTTP listener. It serves redirects, refusals and well-known paths, and requests of trusted proxies. */
export function createPlainListener(dispatcher: RequestDispatcher): Server {
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: 10 * SECOND,
    requestTimeout: 30 * SECOND,
    keepAliveTimeout: 5 * SECOND,
  });
  server.on('request', dispatcher.handlePlain);
  server.on('checkContinue', dispatcher.handlePlainExpecting);
  server.on('checkExpectation', dispatcher.handlePlainExpecting);
  server.on('clientError', dispatcher.handleClientError as () => void);
  return server;
}
