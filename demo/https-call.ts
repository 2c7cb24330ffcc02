import { request } from 'node:https';

/** One request, as the story tells it. */
export interface Call {
  readonly method: 'GET' | 'POST';
  /** `eu.onetime.localhost`: the name in SNI and in Host. */
  readonly host: string;
  readonly path: string;
  /** Sent urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: object;
  readonly account?: Account;
}

/** What HTTP Basic takes. */
export interface Account {
  readonly email: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Null when the answer is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

interface Payload {
  readonly type: string;
  readonly text: string;
}

/** Where calls go: names under `.localhost` are not resolved everywhere, so the address is fixed. */
export interface Endpoint {
  readonly port: number;
  /** The only authority that is trusted. */
  readonly root: string;
}

/** Sends the call over real TLS, certificate checked, to 127.0.0.1. */
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
