import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Who serves, and for how long it keeps a connection. */
export interface TlsServerOptions {
  readonly certificate: string;
  readonly privateKey: string;
  readonly keepAliveSeconds: number;
}

/** node:https on a free port of the loopback address, with one certificate and nothing that a peer does not need. */
export async function answerByTls(
  { certificate, privateKey, keepAliveSeconds }: TlsServerOptions,
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<{ readonly port: number }> {
  const server = createServer(
    {
      cert: certificate,
      key: privateKey,
      minVersion: 'TLSv1.2',
      keepAliveTimeout: keepAliveSeconds * 1000,
    },
    (request, response) => {
      answer(request, response)?.catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return { port: (server.address() as AddressInfo).port };
}
