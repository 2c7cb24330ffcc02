import type { IncomingMessage } from 'node:http';
import type { Cell } from '../region/cell.js';
import { requireHostname } from '../shared/hostname.js';
import type { GatewayAnswer } from './gateway-answer.js';
import type { LookupLimiter } from './lookup-limiter.js';
import { WellKnown } from './well-known.js';

const TOKEN = 'a-token_of-a-challenge';
const PATH = `/.well-known/acme-challenge/${TOKEN}`;
const MOVING = requireHostname('moving.example.com');

interface Known {
  readonly tokens?: Readonly<Record<string, string>>;
  /** Where MOVING moves to; an error: the database does not answer. */
  readonly origin?: string | null | Error;
}

function cellOf({ tokens = {}, origin = null }: Known): Cell {
  const names = {
    keyAuthorization: async (token: string) => tokens[token] ?? null,
    moveOrigin: async (hostname: string) => {
      if (origin instanceof Error) throw origin;
      return hostname === MOVING ? origin : null;
    },
  };
  return { names } as unknown as Cell;
}

async function answerOf(cells: readonly Known[], hostname: string | null, url = PATH) {
  const limiter = { takeToken: () => true, returnToken: () => {} } as unknown as LookupLimiter;
  const wellKnown = new WellKnown(() => cells.map(cellOf), limiter);
  const request = { url, method: 'GET' } as IncomingMessage;
  const asked = { request, hostname: hostname as never, network: '203.0.113.0/24' };
  return (await wellKnown.answer(asked)) as GatewayAnswer;
}

describe('a challenge of HTTP-01', () => {
  const origin = 'https://us.onetime.example';

  it('of a name that moves to another region is sent on to it, when no region here knows the token', async () => {
    const answer = await answerOf([{}, { origin }], MOVING, `${PATH}?x=1`);
    expect(answer).toMatchObject({ status: 302, headers: { location: `${origin}${PATH}` } });
  });

  it('that a region here knows is answered, although the name moves', async () => {
    const answer = await answerOf([{ tokens: { [TOKEN]: 'key' } }, { origin }], MOVING);
    expect(answer).toEqual({ status: 200, body: 'key' });
  });

  it('of any other name is sent nowhere', async () => {
    for (const hostname of ['other.example.com', null])
      expect((await answerOf([{ origin }], hostname)).status).toBe(404);
    expect((await answerOf([{ origin }], MOVING, `${PATH}/..`)).status).toBe(404);
  });

  it('is not denied while it is unknown whether the name moves', async () => {
    expect((await answerOf([{ origin: new Error('away') }], MOVING)).status).toBe(503);
  });
});
