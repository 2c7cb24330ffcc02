import { Agent } from 'node:https';
import { browserSession } from '../support/browser-session.js';
import {
  documentedOperations,
  type DocumentedOperation,
} from '../support/documented-operations.js';
import type { DomainClient } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { callOf, unknownValues } from '../support/operation-calls.js';

// PostgreSQL's texts hold no NUL, and a lone surrogate has no UTF-8: such a request is refused or answered, and no fault of ours.

const HOST = 'eu.onetime.localhost';
const EMAIL = 'texts@example.com';
const TEXTS = ['\0', 'a\0b', '\ud800'];
/** An alias has the same handler. */
const WITH_TEXTS = documentedOperations().filter(
  ({ id, ownId, body }) => id === ownId && variantsOf(body?.example).length > 0,
);

const agent = new Agent({ keepAlive: true });
let scene: LocalScene;
let customer: DomainClient;
let origin: string;
let domain: string;

beforeAll(async () => {
  scene = await LocalScene.start();
  customer = await scene.customer(EMAIL);
  const { port } = scene.gateway.target(HOST);
  origin = `https://${HOST}:${port}`;
  ({ id: domain } = await customer.claim('texts.example.com'));
});

afterAll(async () => {
  agent.destroy();
  await scene.stop();
});

it.each(WITH_TEXTS.map((operation): [string, DocumentedOperation] => [operation.id, operation]))(
  '%s takes such a text in any field without a fault',
  async (_id, operation) => {
    const isOfDomain = operation.path.startsWith('/api/domains/{id}');
    const values = isOfDomain ? { id: domain } : unknownValues(operation);
    for (const content of variantsOf(operation.body?.example)) {
      const { isOfSession, ...request } = callOf(operation, values, content);
      const session = isOfSession ? await browserSession(scene.gateway, EMAIL, origin) : {};
      const answer = await scene.gateway.call('eu', {
        agent,
        ...request,
        headers: { ...request.headers, ...session, 'content-type': 'application/json' },
        body: JSON.stringify(content),
        ...(isOfSession ? {} : { auth: customer.auth }),
      });
      expect([content, answer.status < 500]).toEqual([content, true]);
    }
  },
);

it.each(['email', 'password'])('signing in takes NUL as the %s without a fault', async (field) => {
  const answer = await scene.gateway.call('eu', {
    method: 'POST',
    path: '/sign-in',
    headers: { origin },
    body: { email: EMAIL, password: 'not the password', [field]: '\0' },
  });
  expect(answer.status).toBeLessThan(500);
});

/** The example, each time with another one of its texts, at any depth, replaced by one of TEXTS. */
function variantsOf(example: unknown): unknown[] {
  if (typeof example === 'string') return TEXTS;
  if (typeof example !== 'object' || example === null) return [];
  if (Array.isArray(example))
    return example.flatMap((item, index) =>
      variantsOf(item).map((variant) => example.with(index, variant)),
    );
  return Object.entries(example).flatMap(([name, value]) =>
    variantsOf(value).map((variant) => ({ ...example, [name]: variant })),
  );
}
