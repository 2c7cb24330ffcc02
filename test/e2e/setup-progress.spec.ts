import { STREAMS_MAX } from '../../src/setup/progress-streams.js';
import { hashSessionValue, newSessionValue } from '../../src/accounts/sessions/session-value.js';
import type { Region } from '../../src/config/region.js';
import { browserHeaders } from '../support/browser-session.js';
import { TestDnsServer } from '../support/dns-server.js';
import { DomainClient, recordsToMake, type DomainRecord } from '../support/domain-client.js';
import {
  overHttp1,
  overHttp2,
  type EventStream,
  type OpenStream,
} from '../support/event-stream.js';
import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';

let dns: TestDnsServer;
let pair: GatewayPair;
let owner: DomainClient;
let auth: string;
beforeAll(async () => {
  dns = await TestDnsServer.start();
  dns.zone.set('*.eu.ingress.onetime.localhost', 'A', ['127.0.0.1']);
  pair = await startGatewayPair({ GATEWAY_DNS_SERVERS: dns.address, GATEWAY_LIMITS: 'on' });
  ({ auth } = await pair.processes[0].account('eu', 'owner@acme.test', 'identity_plus'));
  owner = new DomainClient(() => pair.processes[0].target(EU), auth);
});
afterAll(async () => {
  await pair.stop();
  await dns.stop();
});

async function linkTo({
  id,
}: DomainRecord): Promise<{ readonly id: string; readonly path: string }> {
  const answer = await owner.send('POST', `/${id}/setup-link`);
  expect(answer.status).toBe(201);
  const { record } = answer.json<{ record: { id: string; url: string; expires: string } }>();
  const url = new URL(record.url);
  expect(url.hostname).toBe(EU);
  expect(url.pathname).toMatch(/^\/setup\/[0-9a-z]{32}$/);
  return { id: record.id, path: url.pathname };
}

/** The headers of a browser that is signed in to the account. */
async function signedInBrowser(email: string): Promise<Readonly<Record<string, string>>> {
  const value = newSessionValue();
  await pair.query(
    `insert into sessions (value_hash, account_id, method, agent, network, last_seen_from, expires_at)
     select $1, id, 'password', null, '127.0.0.0/24', '127.0.0.0/24', now() + interval '1 day'
     from accounts where email_key = $2`,
    [hashSessionValue(value, 'eu' as Region), email],
  );
  return browserHeaders(value);
}

const watch = (open: OpenStream, gateway: GatewayProcess, path: string, credentials?: string) =>
  open(gateway.target(EU), {
    path: `${path}/events`,
    ...(credentials === undefined ? {} : { auth: credentials }),
  });

async function openStreams(gateway: GatewayProcess): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  const [, count] = /^gateway_setup_streams\{[^}]*\} (\d+)/m.exec(text) ?? [];
  return Number(count);
}

const untilNobodyWatches = () =>
  until('every stream is released', async () => {
    const counts = await Promise.all(pair.processes.map(openStreams));
    return counts.every((count) => count === 0);
  });

const progress = (
  stream: EventStream,
  what: string,
  fits: (data: Record<string, unknown>) => boolean,
) => stream.until(what, ({ name, data }) => name === 'progress' && fits(data));

describe.each<[string, OpenStream]>([
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
])('the events of a set-up over %s', (version, open) => {
  const name = (label: string) =>
    `${label}-${version.replaceAll(/\W/g, '').toLowerCase()}.acme.test`;

  it('follow it from the claim to serving, at the owner and behind a link, in every replica', async () => {
    const claimed = await owner.claim(name('live'));
    const [here, there] = pair.processes;
    const link = await linkTo(claimed);
    const byOwner = await watch(open, here, `/domains/${claimed.id}`, auth);
    const byLink = await watch(open, there, link.path);
    for (const stream of [byOwner, byLink]) {
      expect(stream.status).toBe(200);
      expect(stream.headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      await progress(stream, 'a first look', ({ issues }) =>
        (issues as string[]).includes('TXT_MISSING'),
      );
    }
    const [txt] = recordsToMake(claimed).filter(({ type }) => type === 'TXT');
    dns.zone.set(String(txt?.fqdn), 'TXT', ['another value']);
    for (const stream of [byOwner, byLink])
      await progress(stream, 'the mistake', ({ issues }) =>
        (issues as string[]).includes('TXT_MISMATCH'),
      );
    for (const { fqdn, type, desired } of recordsToMake(claimed))
      dns.zone.set(fqdn, type as 'TXT', desired);
    for (const stream of [byOwner, byLink]) {
      const { data } = await progress(stream, 'serving', ({ ready }) => ready === true);
      expect(data).toMatchObject({ ownership: 'verified', routing: 'pointed', blockedBy: [] });
      // Neither the owner nor a value of a record.
      expect(JSON.stringify(stream.events)).not.toMatch(/owner@|account/);
      stream.leave();
    }
    await untilNobodyWatches();
  });

  it('end for everybody when the claim is removed', async () => {
    const claimed = await owner.claim(name('removed'));
    const link = await linkTo(claimed);
    const streams = [
      await watch(open, pair.processes[1], `/domains/${claimed.id}`, auth),
      await watch(open, pair.processes[1], link.path),
    ];
    for (const stream of streams) await progress(stream, 'the state', () => true);
    await owner.send('DELETE', `/${claimed.id}`);
    for (const stream of streams) {
      await stream.until('the end', ({ name: event }) => event === 'end');
      await until('the stream ends', () => stream.hasEnded);
    }
    await untilNobodyWatches();
  });

  it('end with the link when it is revoked, and the owner watches on', async () => {
    const claimed = await owner.claim(name('revoked'));
    const link = await linkTo(claimed);
    const byOwner = await watch(open, pair.processes[1], `/domains/${claimed.id}`, auth);
    const byLink = await watch(open, pair.processes[1], link.path);
    await progress(byLink, 'the state', () => true);
    const revoked = await owner.send('DELETE', `/${claimed.id}/setup-link/${link.id}`);
    expect(revoked.json()).toMatchObject({ record: { revoked: 1 } });
    await byLink.until('the end', ({ name: event }) => event === 'end');
    expect((await watch(open, pair.processes[0], link.path)).status).toBe(404);
    expect(byOwner.hasEnded).toBe(false);
    byOwner.leave();
    await untilNobodyWatches();
  });

  it('are refused to strangers, and above a number of streams until one is closed', async () => {
    const claimed = await owner.claim(name('bounded'));
    const link = await linkTo(claimed);
    const [gateway] = pair.processes;
    const email = `stranger-${name('x')}@acme.test`;
    const stranger = await gateway.account('eu', email, 'identity_plus');
    const own = `/domains/${claimed.id}`;
    expect((await watch(open, gateway, own, stranger.auth)).status).toBe(404);
    expect((await watch(open, gateway, own)).status).toBe(401);
    expect((await watch(open, gateway, `/setup/${'0'.repeat(32)}`)).status).toBe(404);
    const streams: EventStream[] = [];
    for (let opened = 0; opened < STREAMS_MAX.subject; opened += 1)
      streams.push(await watch(open, gateway, link.path));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    const refused = await watch(open, gateway, link.path);
    expect(refused.status).toBe(429);
    expect(refused.headers).toHaveProperty('retry-after');
    streams[0]?.leave();
    await until('there is room again', async () => {
      const again = await watch(open, gateway, link.path);
      streams.push(again);
      return again.status === 200;
    });
    for (const stream of streams) stream.leave();
    await untilNobodyWatches();
  });

  it('hold nothing of a HEAD request', async () => {
    const claimed = await owner.claim(name('head'));
    const { path } = await linkTo(claimed);
    const answer = await pair.call(0, { method: 'HEAD', path: `${path}/events` });
    expect([answer.status, answer.text]).toEqual([200, '']);
    await untilNobodyWatches();
  });
});

it('a set-up that is still ends for whoever may watch no more, and for nobody else', async () => {
  const claimed = await owner.claim('still.acme.test');
  for (const { fqdn, type, desired } of recordsToMake(claimed))
    dns.zone.set(fqdn, type as 'TXT', desired);
  const [here] = pair.processes;
  const own = `/domains/${claimed.id}`;
  const link = await linkTo(claimed);
  const email = auth.split(':', 1)[0] ?? '';
  const browsers = await Promise.all([1, 2].map(() => signedInBrowser(email)));
  const made = await here.call('eu', {
    path: '/api/account/tokens',
    auth,
    body: JSON.stringify({ name: 'watcher', scopes: ['domains'] }),
  });
  const { id, token } = made.json<{ record: { id: string; token: string } }>().record;
  const target = here.target(EU);
  const byBrowsers = await Promise.all(
    browsers.map(({ cookie = '' }) => overHttp1(target, { path: `${own}/events`, cookie })),
  );
  const byToken = await watch(overHttp2, here, own, `${email}:${token}`);
  const byLink = await watch(overHttp1, here, link.path);
  const all = [...byBrowsers, byToken, byLink];
  for (const stream of all) await progress(stream, 'serving', ({ ready }) => ready === true);

  const ends = async (stream: EventStream): Promise<void> => {
    const others = all.filter((other) => other !== stream && !other.hasEnded);
    await until('the stream ends', () => stream.hasEnded);
    expect(stream.events.at(-1)).toMatchObject({ name: 'end' });
    expect(others.some(({ hasEnded }) => hasEnded)).toBe(false);
  };
  const [first, second] = byBrowsers;
  await here.call('eu', { method: 'DELETE', path: `/api/account/tokens/${id}`, auth });
  await ends(byToken);
  await here.call('eu', {
    method: 'POST',
    path: '/sign-out',
    headers: { ...browsers[0], 'sec-fetch-site': 'same-origin' },
    body: '',
  });
  await ends(first as EventStream);
  // Time alone, which no notification tells.
  await pair.query('update sessions set expires_at = now()');
  await ends(second as EventStream);
  byLink.leave();
  await untilNobodyWatches();
});

it('a check by a link is taken from its own page alone, and so often that nobody is locked out', async () => {
  const claimed = await owner.claim('checked.acme.test');
  const { path } = await linkTo(claimed);
  const check = (caller: number, site = 'same-origin') =>
    pair.call(caller, {
      method: 'POST',
      path: `${path}/check`,
      headers: { 'sec-fetch-site': site },
      body: '',
    });
  expect((await check(0, 'cross-site')).status).toBe(403);
  const answers = [];
  // The count is in the row of the claim: both processes share it.
  for (let caller = 0; caller < 11; caller += 1) answers.push(await check(caller));
  expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(303));
  expect(answers[0]?.headers).toMatchObject({ location: path, 'referrer-policy': 'strict-origin' });
  const refused = answers[10];
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  // The page itself, with what it shows.
  expect(refused?.text).toContain('checked too often');
  expect(refused?.text).toContain('_onetime-challenge-');
  const ended = await pair.call(0, { path: `/setup/${'0'.repeat(32)}` });
  expect([ended.status, ended.headers['referrer-policy']]).toEqual([404, 'strict-origin']);
});

it('a stop ends the open streams at once, and the process does not wait for them', async () => {
  const claimed = await owner.claim('stop.acme.test');
  const { path } = await linkTo(claimed);
  const [, stopping] = pair.processes;
  const streams = [await watch(overHttp1, stopping, path), await watch(overHttp2, stopping, path)];
  for (const stream of streams) await progress(stream, 'the state', () => true);
  const began = performance.now();
  expect(await stopping.end('SIGTERM')).toBe(0);
  // Streams live for 90 seconds and more.
  expect(performance.now() - began).toBeLessThan(60_000);
  for (const stream of streams) await until('the stream ends', () => stream.hasEnded);
  for (const { logs } of pair.processes) expect(logs).not.toContain(path.slice('/setup/'.length));
});
