import { request } from 'node:https';

/** One request of the demo. */
export interface Call {
  readonly method: 'GET' | 'POST';
  /** The name in SNI and Host, such as `eu.onetime.localhost`. */
  readonly host: string;
  readonly path: string;
  /** Sent urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: object;
  readonly account?: Account;
}

/** The credentials for HTTP Basic. */
export interface Account {
  readonly email: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Null when the text is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

interface Payload {
  readonly type: string;
  readonly text: string;
}

/** The address is always 127.0.0.1, because not every resolver knows names under `.localhost`. */
interface Endpoint {
  readonly port: number;
  /** PEM of the only trusted root. */
  readonly root: string;
}

/** Sends the request to 127.0.0.1 over TLS and verifies the certificate. */
export function httpsCall({ port, root }: Endpoint, call: Call): Promise<Answer> {
  const payload = payloadOf(call);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        ca: root,
        servername: call.host,
        method: call.method,
        path: call.path,
        agent: false,
        headers: {
          host: `${call.host}:${port}`,
          ...(payload && { 'content-type': payload.type }),
        },
        ...(call.account && { auth: `${call.account.email}:${call.account.token}` }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, text, body: parseObject(text) });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(payload?.text);
  });
}

function payloadOf({ form, json }: Call): Payload | null {
  if (json !== undefined) return { type: 'application/json', text: JSON.stringify(json) };
  if (form === undefined) return null;
  return {
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(form).toString(),
  };
}

function parseObject(text: string): Answer['body'] {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
