import type { DomainScene } from '../support/domain-scene.js';
import { until } from '../support/until.js';
import type { Violation } from './secret-traffic.js';

interface Row {
  readonly hostname: string;
  readonly finalized: number;
  readonly stored: number;
  readonly state: string;
}

interface Certificate {
  readonly hostname: string;
  readonly not_before: Date;
  readonly not_after: Date;
}

// Longer than every lease and every wait after a failed attempt.
const ALL_WAITS_SECONDS = 90_000;

/** The names that get certificates during the run, and what the CA has seen of them. */
export class OrderLedger {
  readonly #ids = new Map<string, string>();

  constructor(private readonly scene: DomainScene) {}

  get names(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** A name of a customer, from now on in use. False: the claim or its check got no answer; it may be repeated. */
  async add(name: string): Promise<boolean> {
    try {
      this.#ids.set(name, await this.scene.add(name));
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The waits after failed attempts end at once, those of the region's own host too: the CA here allows it. So does the
   * wait for the next check of a name that led nowhere while every gateway was killed: its order would wait until the
   * certificate, which is short here, has expired.
   */
  async hasten(): Promise<void> {
    await this.scene.query(
      `update domains set next_check_at = now() where routing <> 'pointed' and next_check_at > now()
         and (leased_until is null or leased_until < now())`,
    );
    await this.scene.query(
      `update issuances set next_at = now()
       where held_by = 'backoff' and next_at > now() and leased_until is null`,
    );
  }

  /** After the last kill: no process holds a lease, so every wait may end, also one after an attempt that fails now. */
  async settle(): Promise<void> {
    const names = this.names;
    // What is active is not touched: it would be renewed at once.
    const open = await this.scene.query<{ hostname: string }>(
      `select hostname from issuances where hostname = any ($1)
         and (state <> 'active' or leased_until is not null)`,
      [names],
    );
    for (const { hostname } of open) await this.scene.letPass(ALL_WAITS_SECONDS, hostname);
    await until('every name has a certificate and no lease', async () => {
      await this.scene.query('update ca_holds set until = now() where until > now()');
      await this.scene.query(
        `update issuances set next_at = now()
         where hostname = any ($1) and next_at > now() and leased_until is null and state <> 'active'`,
        [names],
      );
      const [row] = await this.scene.query<{ open: string }>(
        `select count(*) as open from issuances where hostname = any ($1)
           and (state <> 'active' or leased_until is not null or lease_owner is not null)`,
        [names],
      );
      return row?.open === '0';
    });
    // One may be renewed just now.
    await until('every certificate that was issued is stored', async () =>
      (await this.#rows()).every(({ finalized, stored }) => finalized === stored),
    ).catch(() => undefined);
  }

  async violations(): Promise<Violation[]> {
    const rows = await this.#rows();
    const found: Violation[] = [];
    for (const { hostname, finalized, stored } of rows) {
      found.push(...(await this.#tooEarly(hostname)));
      if (finalized === stored) continue;
      const what = `${finalized} certificates issued, ${stored} stored`;
      found.push({ what: `${what}: ${await this.#history(hostname)}`, key: hostname });
    }
    const accounts = await this.scene.query('select 1 from acme_accounts');
    if (accounts.length !== 1)
      found.push({ what: `${accounts.length} accounts at the CA`, key: 'acme_accounts' });
    return found;
  }

  /** How many orders were made, and how many of them nobody went on with. */
  async counts(): Promise<{ orders: number; certificates: number; lostOrders: number }> {
    const rows = await this.#rows();
    const orders = rows.reduce(
      (sum, { hostname }) => sum + this.scene.done(hostname, 'newOrder'),
      0,
    );
    const certificates = rows.reduce((sum, { stored }) => sum + stored, 0);
    return { orders, certificates, lostOrders: orders - certificates };
  }

  async #rows(): Promise<Row[]> {
    const rows = await this.scene.query<{ hostname: string; stored: string; state: string }>(
      `select hostname, state, (select count(*) from certificates c where c.hostname = i.hostname)
         as stored from issuances i where hostname = any ($1)`,
      [this.names],
    );
    return rows.map(({ hostname, stored, state }) => ({
      hostname,
      state,
      stored: Number(stored),
      finalized: this.scene.done(hostname, 'finalize'),
    }));
  }

  /** What the domain's owner sees of it, and what the CA has seen. */
  async #history(hostname: string): Promise<string> {
    const story = await this.scene.story(this.#ids.get(hostname) ?? '');
    const seen = this.scene.proxy.seen.filter((request) => request.hostname === hostname);
    const requests = seen.map(({ kind, done }) => `${kind} ${done}`);
    return JSON.stringify({ story, requests });
  }

  /** A certificate that was issued although the one before it was young: two processes have ordered it. */
  async #tooEarly(hostname: string): Promise<Violation[]> {
    const all = await this.scene.query<Certificate>(
      'select hostname, not_before, not_after from certificates where hostname = $1 order by not_before',
      [hostname],
    );
    return all.slice(1).flatMap((later, index): Violation[] => {
      const earlier = all[index];
      if (earlier === undefined) return [];
      const half = (earlier.not_after.getTime() - earlier.not_before.getTime()) / 2;
      const gap = later.not_before.getTime() - earlier.not_before.getTime();
      return gap >= half ? [] : [{ what: `renewed after ${gap} ms`, key: hostname }];
    });
  }
}
