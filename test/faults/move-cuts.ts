import type { RequestKind } from '../support/acme-fault-proxy-requests.js';
import { until } from '../support/until.js';
import type { MoveJourney } from './move-journey.js';
import type { Side } from './move-world.js';
import type { Exchange, RegionRelay } from './region-relay.js';

/** A process that is killed once, at a step of a move. */
export interface MoveCut {
  readonly title: string;
  /** Sets the trap; the promise inside resolves when the process has been killed. */
  arm(
    journey: MoveJourney,
  ): Promise<{ readonly killed: Promise<void>; readonly disarm: () => Promise<void> }>;
}

type Match = (exchange: Exchange, name: string) => boolean;

const asks = (state: string): Match => {
  // What the answer will be is known only when it is there.
  return ({ path, answer }) => path.includes('/state/') && answer?.includes(`"${state}"`) === true;
};

const QUESTIONS: Readonly<Record<string, { readonly of: Side; readonly match: Match }>> = {
  look: { of: 'eu', match: ({ body }) => body.includes('"code"') && !body.includes('"id"') },
  accept: { of: 'eu', match: ({ body }) => body.includes('"id"') },
  'the first question': { of: 'us', match: ({ path }) => path.includes('/state/') },
  'the challenge': { of: 'us', match: ({ path }) => path.includes('/acme-challenge/') },
};
const ANSWERS: Readonly<Record<string, { readonly of: Side; readonly match: Match }>> = {
  ...QUESTIONS,
  'ready to switch': { of: 'us', match: asks('ready_to_switch') },
  switched: { of: 'us', match: asks('switched') },
};

function atRelay(when: 'before' | 'after', step: string, victim: Side): MoveCut {
  const hook = when === 'before' ? 'onRequest' : 'onAnswer';
  const { of, match } = (when === 'before' ? QUESTIONS : ANSWERS)[step] as (typeof ANSWERS)[string];
  return {
    title: `${victim} ${when} ${step}`,
    arm: async ({ world, name }) => {
      const relay: RegionRelay = world.relay(of);
      const disarm = async () => void (relay[hook] = () => undefined);
      const killed = new Promise<void>((resolve) => {
        relay[hook] = async (exchange) => {
          if (!match(exchange, name)) return;
          await disarm();
          await world.kill(victim);
          resolve();
        };
      });
      return { killed, disarm };
    },
  };
}

function atCa(when: 'before' | 'after', kind: RequestKind, victim: Side): MoveCut {
  return {
    title: `${victim} ${when} ${kind}`,
    arm: async ({ world: { proxy }, world, name }) => {
      const killed = new Promise<void>((resolve) => {
        proxy[when === 'before' ? 'onRequest' : 'onResponse'] = async (seen, _, request) => {
          if (seen !== kind || request.hostname !== name) return;
          proxy.heal();
          await world.kill(victim);
          // The CA never gets it.
          if (when === 'before' && victim === 'us') proxy.inject({ at: kind, reset: 'before' });
          resolve();
        };
      });
      return { killed, disarm: async () => proxy.heal() };
    },
  };
}

const LOCK = 4711;

/** The process is killed in the middle of a transaction, when it is about to write this. */
function atWrite(
  victim: Side,
  table: string,
  event: 'insert' | 'update',
  condition: string,
): MoveCut {
  return {
    title: `${victim} at ${event} of ${table} where ${condition}`,
    arm: async ({ world }) => {
      const client = await world.sql(victim).connect();
      await client.query(`select pg_advisory_lock(${LOCK})`);
      await client.query(`
        create or replace function test_gate() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(${LOCK}); return new; end $$`);
      await client.query(
        `create trigger test_gate before ${event} on ${table} for each row when (${condition}) execute function test_gate()`,
      );
      let isOver = false;
      const open = async () => {
        if (isOver) return;
        isOver = true;
        await client.query(`select pg_advisory_unlock(${LOCK})`);
        await client.query(`drop trigger test_gate on ${table}`);
        client.release();
      };
      const isThere = async () => {
        const { rows } = await world
          .sql(victim)
          .query(
            `select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`,
          );
        return isOver || rows.length > 0;
      };
      const killed = until(`${victim} at ${table}`, isThere, 240_000).then(async () => {
        if (isOver) return;
        await world.kill(victim);
        await open();
      });
      return { killed, disarm: open };
    },
  };
}

const BOTH: readonly Side[] = ['us', 'eu'];

export const MOVE_CUTS: readonly MoveCut[] = [
  ...Object.keys(QUESTIONS).flatMap((step) => BOTH.map((side) => atRelay('before', step, side))),
  ...Object.keys(ANSWERS).flatMap((step) => BOTH.map((side) => atRelay('after', step, side))),
  atWrite('us', 'domains', 'insert', 'true'),
  atWrite('us', 'domain_moves', 'insert', 'true'),
  atWrite('eu', 'domain_transfers', 'update', `new.state = 'completed'`),
  atWrite('eu', 'domain_moves', 'insert', 'true'),
  atWrite('us', 'domain_moves', 'update', `new.state = 'open' and old.state = 'asking'`),
  atWrite('us', 'issuances', 'insert', 'true'),
  ...(['newOrder', 'challenge', 'finalize', 'cert'] as const).flatMap((kind) => [
    atCa('before', kind, 'us'),
    atCa('after', kind, 'us'),
  ]),
  atCa('before', 'challenge', 'eu'),
  atCa('before', 'finalize', 'eu'),
  atWrite('us', 'certificates', 'insert', 'true'),
  atWrite('us', 'domains', 'update', 'new.pointed_at is not null and old.pointed_at is null'),
  atWrite('eu', 'domains', 'update', `new.routing = 'wrong_region' and old.routing <> new.routing`),
  atWrite('eu', 'domains', 'update', 'new.removed_at is not null'),
  atWrite('eu', 'domain_moves', 'update', `new.state = 'done'`),
  atWrite('us', 'domain_moves', 'update', `new.state = 'done'`),
];

/** For the short form: one before the claim, one between order and certificate, one when the old claim ends. */
export const SHORT_CUTS: readonly MoveCut[] = [
  atRelay('after', 'accept', 'us'),
  atCa('after', 'finalize', 'us'),
  atWrite('eu', 'domain_moves', 'update', `new.state = 'done'`),
];
