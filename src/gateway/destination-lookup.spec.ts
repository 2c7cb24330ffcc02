import type { IncomingMessage } from 'node:http';
import type { AccountId } from '../accounts/account.js';
import type { ServedDomain } from '../domains/serving/served-domain.js';
import type { Cell } from '../region/cell.js';
import { requireHostname } from '../shared/hostname.js';
import type { CustomDomainLookup } from './custom-domain-lookup.js';
import { DestinationLookup } from './destination-lookup.js';
import type { HostTable } from './host-table.js';

const MAIN = requireHostname('example.com');
const SECOND = requireHostname('www.example.com');
const HOSTS = { find: () => ({ kind: 'unknown' }) } as unknown as HostTable;
const REQUEST = { socket: {}, headers: {} } as unknown as IncomingMessage;
const ANN = 'ann' as AccountId;
const BOB = 'bob' as AccountId;

const cell = { names: { tenantOf: (domain: ServedDomain) => domain.hostname } } as unknown as Cell;
const aDomain = (changes: Partial<ServedDomain>) => ({ ownerId: ANN, ...changes }) as ServedDomain;

/** Where a request to the second name goes. @param main null: it does not serve; an error: its cell cannot answer */
async function destinationOf(main: ServedDomain | Error | null) {
  const served = { cell, domain: aDomain({ hostname: SECOND, redirectsTo: MAIN }) };
  const find = (name: string) => {
    if (name === SECOND) return served;
    if (main instanceof Error) return Promise.reject(main);
    return main && { cell, domain: main };
  };
  const lookup = new DestinationLookup(HOSTS, { find } as unknown as CustomDomainLookup);
  const host = { hostname: SECOND, isForwarded: true } as never;
  return lookup.find(REQUEST, host, () => ({ network: '192.0.2.0/24', turn: 'turn' }) as never);
}

describe('the second name of a pair', () => {
  it('leads to the main one of the same account', async () => {
    const main = aDomain({ hostname: MAIN, redirectsTo: null });
    expect(await destinationOf(main)).toEqual({ kind: 'redirect', to: MAIN });
  });

  it.each<[string, ServedDomain | Error | null]>([
    ['does not serve', null],
    ['is another account’s by now', aDomain({ hostname: MAIN, redirectsTo: null, ownerId: BOB })],
    ['redirects itself', aDomain({ hostname: MAIN, redirectsTo: SECOND })],
    ['cannot be looked up', new Error('away')],
  ])('serves by itself while the main one %s', async (_, main) => {
    expect(await destinationOf(main)).toMatchObject({ kind: 'cell', tenant: SECOND });
  });
});
