import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountIn, type Accounts, type DemoSession, type Step } from './demo-session.js';
import { eventually } from './eventually.js';
import { textAt } from './v2-steps.js';

const VALUE = 'for the recipient alone';
const RECIPIENT = 'friend@example.com';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A mail to the recipient of a secret, and a webhook that hears of its reveal. */
export function eventSteps(accounts: Accounts): readonly Step[] {
  const received: Received[] = [];
  let target: Server | null = null;
  let secret = '';

  return [
    {
      title: 'The account asks for an event when its secrets are revealed',
      async run(session) {
        target = await startTarget(received);
        const { port } = target.address() as AddressInfo;
        const json = {
          name: 'demo',
          url: `http://127.0.0.1:${port}/`,
          events: ['secret.revealed'],
        };
        const made = await session.call(
          { ...inEu(session, '/api/account/webhooks'), json, account: accountIn(accounts, 'eu') },
          () => 'The secret that signs is shown once, and not here.',
        );
        session.expect(made.status === 201, 'the webhook is there');
        secret = textAt(made, 'record', 'secret');
      },
    },
    {
      title: `The link goes to ${RECIPIENT} by mail`,
      async run(session) {
        const form = { secret: VALUE, recipient: RECIPIENT };
        const shared = await session.call({
          ...inEu(session, '/api/v1/share'),
          form,
          account: accountIn(accounts, 'eu'),
        });
        session.expect(shared.body?.['email_sent'] === true, 'the mail is queued');
        const link = await linkInMail(session);
        session.note(`The mail leads to ${link.pathname}`);
        const revealed = await session.call(inEu(session, `/api/v1${link.pathname}`));
        session.expect(revealed.body?.['value'] === VALUE, 'the link of the mail opens it');
      },
    },
    {
      title: 'The webhook hears of it',
      async run(session) {
        const event = await eventually('the event has arrived', () =>
          Promise.resolve(received[0] ?? null),
        );
        session.note(event.body);
        session.expect(isSigned(event, secret), 'the event is signed');
        session.expect(!event.body.includes(VALUE), 'and has no value');
        target?.close();
      },
    },
  ];
}

function inEu(session: DemoSession, path: string) {
  return { method: 'POST', host: session.hostOf('eu'), path } as const;
}

async function startTarget(received: Received[]): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  // A demo that fails does not wait for it.
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** The link in the mail that the gateway wrote to a file, since it has no SMTP server. */
function linkInMail(session: DemoSession): Promise<URL> {
  return eventually('the mail is written', async () => {
    const { stdout } = await session.gateway.command(['dev', 'mail', 'show', '1']);
    const link = /https:\/\/\S+\/secret\/[0-9a-z]+/.exec(stdout)?.[0];
    return link === undefined ? null : new URL(link);
  });
}

/** By Standard Webhooks: HMAC-SHA-256 of id, timestamp and body. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = Buffer.from(`v1,${createHmac('sha256', key).update(text).digest('base64')}`);
  const found = Buffer.from(String(headers['webhook-signature']));
  return found.length === expected.length && timingSafeEqual(found, expected);
}
