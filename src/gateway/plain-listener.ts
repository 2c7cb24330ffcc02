import { createServer, type Server } from 'node:http';
import { SECOND } from '../shared/durations.js';
import type { Gateway } from './gateway.js';

/** The listener for plain HTTP, where nothing but refusals and redirects is served. */
export function createPlainListener(gateway: Gateway): Server {
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: 10 * SECOND,
    requestTimeout: 30 * SECOND,
    keepAliveTimeout: 5 * SECOND,
  });
  server.on('request', gateway.handlePlain);
  server.on('checkExpectation', gateway.handleExpectation);
  server.on('clientError', gateway.handleClientError as () => void);
  return server;
}
