import { OfferedBy } from '../../../src/auth/offered-by.decorator.js';
import type { Route } from '../../support/route-table.js';
import { until } from '../../support/until.js';
import { CUSTOM, type CalledAnswer, type RoleCell, type RoleCells } from './role-cells.js';

/** A custom domain of the account that serves. */
export async function serveCustomDomain(cells: RoleCells, accountId: string): Promise<void> {
  const { dataSource } = cells.database;
  await dataSource.query(
    `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
       challenge_label, challenge_value, ownership, verified_at, routing, pointed_at, homepage_enabled, api_enabled)
     values ('cd1', $1, $2, $2, 'customer.test', false, 'x', 'x', 'x', 'verified', now(), 'pointed', now(), true, true)`,
    [accountId, CUSTOM],
  );
  await dataSource.query(
    `insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
     values ($1, 1, 'local', 'chain', '\\x00', 1, '01', now() - interval '1 hour', now() + interval '9 days')`,
    [CUSTOM],
  );
}

/** The nonce of the form that posts to `action`. */
export function pressIn(page: CalledAnswer, action: string): string {
  const [, form = ''] =
    new RegExp(`<form[^>]*action="${action}"(.*?)</form>`, 's').exec(page.text) ?? [];
  const [input = ''] = /<input[^>]*name="press"[^>]*>/.exec(form) ?? [];
  const [, nonce] = /value="([^"]*)"/.exec(input) ?? [];
  if (nonce === undefined) throw new Error(`no form ${action} in ${page.text}`);
  return nonce;
}

/** Whether a process that only serves offers the route. */
export function isOffered({ controller, handler }: Route): boolean {
  const offer = [handler, controller].map(
    (target) => Reflect.getMetadata(OfferedBy.KEY, target) as unknown,
  );
  return offer.some((each) => each !== undefined);
}

export function lineOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

export async function oneRoundOfEach({ loops }: RoleCell): Promise<void> {
  // The round that listens ends with its connection.
  for (const loop of [...loops.values()].filter(({ name }) => name !== 'ChangeFeed listen')) {
    const before = loop.rounds;
    loop.wake();
    await until(`a round of ${loop.name}`, () => loop.rounds > before);
  }
}
