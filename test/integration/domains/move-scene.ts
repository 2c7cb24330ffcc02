import type { Account } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Region } from '../../../src/config/region.js';
import type { Domain } from '../../../src/domains/domain.js';
import { enter, openRegions, type TestRegion } from './move-regions.js';
import { aVerified, FakeDns } from './support.js';

const US = 'us' as Region;

/** Two regions, an account in each, and a proven name of the first one. */
export class MoveScene {
  owner!: Account;
  receiver!: Account;
  /** The claim of the old region. */
  domain!: Domain;

  private constructor(
    readonly eu: TestRegion,
    readonly us: TestRegion,
    readonly dns: FakeDns,
  ) {}

  static async open(): Promise<MoveScene> {
    const dns = new FakeDns();
    const [eu, us] = (await openRegions(['eu', 'us'], dns)) as [TestRegion, TestRegion];
    return new MoveScene(eu, us, dns);
  }

  async close(): Promise<void> {
    await this.eu.database.close();
    await this.us.database.close();
  }

  /** New accounts, a new name, and no move of an earlier test. */
  async begin(): Promise<void> {
    for (const region of [this.eu, this.us]) {
      region.peers.cut = null;
      await region.query(
        `update domain_moves set state = 'cancelled' where state in ('asking', 'open')`,
      );
    }
    this.owner = await this.eu.account();
    this.receiver = await this.us.account();
    this.domain = await aVerified(this.eu.room, this.owner);
  }

  /** The code. */
  async offered(): Promise<string> {
    const { offers } = this.eu.transfers;
    return (await offers.offer(this.owner.id, this.domain.extid, COMMAND_LINE, US)).code;
  }

  /** The claim of the new region. */
  async arrived(): Promise<Domain> {
    const extid = await enter(this.us, this.receiver, await this.offered());
    return this.us.room.domains.get(this.receiver.id, extid);
  }

  pointTo({ targetLabel }: Domain, region: string): void {
    this.dns.pointTo(this.domain.hostname, `${targetLabel}.${region}.ingress.onetime.localhost`);
  }

  async checkBoth(there: Domain): Promise<void> {
    await this.eu.room.domains.verify(this.owner.id, this.domain.extid);
    await this.us.room.domains.verify(this.receiver.id, there.extid);
  }

  /** The name has led where it leads for two days. */
  async twoDaysLater(): Promise<void> {
    for (const region of [this.eu, this.us])
      await region.query(
        `update domains set routing_since = routing_since - interval '49 hours' where hostname = $1`,
        [this.domain.hostname],
      );
  }

  async holdersIn(region: TestRegion): Promise<string[]> {
    const rows = await region.query<{ account_id: string }>(
      `select account_id from domains
       where hostname = $1 and removed_at is null and ownership in ('verified', 'lapsed')`,
      [this.domain.hostname],
    );
    return rows.map(({ account_id: id }) => id);
  }

  async statesOf(there: Domain) {
    return [(await this.eu.move(this.domain))?.state, (await this.us.move(there))?.state];
  }
}
