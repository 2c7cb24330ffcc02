import type { AcmeClient } from './acme-client.js';
import { readAuthorization, readOrder } from './acme-objects.js';
import { authorize } from './authorize-order.js';

const URL = 'https://ca.test';
const challenge = (type: string, status: string) => ({
  type,
  status,
  url: `${URL}/${type}`,
  token: 'token',
});
const PENDING = {
  status: 'pending',
  challenges: [challenge('http-01', 'pending'), challenge('dns-01', 'pending')],
};
const VALID = { status: 'valid', challenges: [challenge('http-01', 'valid')] };
const PLAN = { challengeTypes: ['http-01'], publishChallenge: async () => undefined } as const;

/** Of a CA that gives one authorization and then finds it valid. */
function clientFor(first: object): AcmeClient {
  return {
    authorizations: async () => [readAuthorization({ data: first }, URL)],
    getAuthorization: async () => ({ value: readAuthorization({ data: VALID }, URL) }),
    keyAuthorization: async () => 'token.thumbprint',
    startChallenge: async () => undefined,
  } as unknown as AcmeClient;
}

it.each([
  ['all types of one that is pending', PENDING, [['http-01', 'dns-01']]],
  ['nothing of one that was valid before, which lists only what was used', VALID, []],
])('an authorization tells %s', async (_what, first, told) => {
  const offered: (readonly string[])[] = [];
  const onOffered = async (types: readonly string[]) => void offered.push(types);
  const order = readOrder(
    { data: { status: 'pending', authorizations: [URL], finalize: URL } },
    URL,
  );
  const outcome = await authorize(clientFor(first), order, { ...PLAN, onOffered, budget: 5000 });
  expect(outcome).toEqual({ kind: 'valid' });
  expect(offered).toEqual(told);
});
