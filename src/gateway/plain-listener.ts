import { createServer, type Server } from 'node:http';
import { SECOND } from '../shared/durations.js';
import type { Socket } from 'node:net';
import type { Admission } from './admission.js';
import { setSeat } from './connection-gate.js';
import type { EdgeJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import { looksLikeProxyHeader } from './proxy-header.js';
import type { RequestDispatcher } from './request-dispatcher.js';

/** In milliseconds. A request here has no body that anybody reads, unless a trusted proxy sent it. */
const PLAIN_LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  /** How often Node looks at the two above. Its default of 30 s would make 10 s up to 40. */
  connectionsCheckingInterval: SECOND,
  keepAliveTimeout: 5 * SECOND,
} as const;

/** The plain HTTP listener. It serves redirects, refusals and well-known paths, and requests of trusted proxies. */
export function createPlainListener(
  dispatcher: RequestDispatcher,
  { journal, admission }: { readonly journal: EdgeJournal; readonly admission: Admission },
): Server {
  const server = createServer({ requireHostHeader: false, ...PLAIN_LIMITS });
  const [accept] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection').on('connection', (socket) =>
    admission.admit(socket, (seat) => {
      setSeat(socket, seat);
      accept?.call(server, socket);
    }),
  );
  const handlers = {
    request: dispatcher.handlePlain,
    checkContinue: dispatcher.handlePlainExpecting,
    checkExpectation: dispatcher.handlePlainExpecting,
    clientError: (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
      if (error.rawPacket !== undefined && looksLikeProxyHeader(error.rawPacket))
        admission.refuse(socket, 'proxy_header_unexpected');
      else dispatcher.handleClientError(error, socket);
    },
  };
  attachHandlers(server, handlers, { name: 'http', journal });
  return server;
}
