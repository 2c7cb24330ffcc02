import type { DnsProvider, PanelRecord } from './dns-provider.js';
import { BASE_DOMAIN, type GatewayProcess } from './gateway-process.js';
import { httpsCall, type Account, type Answer, type Call } from './https-call.js';
import { maskTokenIn, type Narrator } from './narrator.js';

/** Something differs from what the story promises. The message is a whole sentence. */
export class Unexpected extends Error {}

/** One scene. It throws Unexpected as soon as anything differs. */
export interface Step {
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Scenery {
  readonly gateway: GatewayProcess;
  readonly dns: DnsProvider;
  /** PEM of the only root that is trusted. */
  readonly root: string;
  /** Certificates come from an ACME server; else from the local authority. */
  readonly hasAcme: boolean;
}

/** The accounts of the story, by region. */
export type Accounts = Map<string, Account>;

/** A running gateway, and what the steps do with it in front of the audience. */
export class Stage {
  constructor(
    private readonly scenery: Scenery,
    private readonly narrator: Narrator,
  ) {}

  get gateway(): GatewayProcess {
    return this.scenery.gateway;
  }

  get hasAcme(): boolean {
    return this.scenery.hasAcme;
  }

  /** `eu.onetime.localhost` */
  hostOf(region: string): string {
    return `${region}.${BASE_DOMAIN}`;
  }

  /** Sends a request and shows it with its answer, or with what `summarise` makes of it. */
  async call(call: Call, summarise?: (answer: Answer) => string): Promise<Answer> {
    this.narrator.call(call, this.gateway.ports.https);
    const answer = await this.ask(call);
    this.narrator.answer(answer, summarise?.(answer));
    return answer;
  }

  /** The same behind the scenes. Rejects when there is no connection, or none that can be trusted. */
  ask(call: Call): Promise<Answer> {
    return httpsCall({ port: this.gateway.ports.https, root: this.scenery.root }, call);
  }

  /** Types a record into the DNS panel, in place of what is there. */
  publish(record: PanelRecord): void {
    this.scenery.dns.publish(record);
    this.narrator.note(`DNS: ${record.fqdn} ${record.type} ${record.values.join(', ')}`);
  }

  unpublish(fqdn: string, type: PanelRecord['type']): void {
    this.scenery.dns.remove(fqdn, type);
    this.narrator.note(`DNS: ${fqdn} ${type} is removed`);
  }

  /** Makes an account with the operator's command line. */
  async createAccount(region: string, email: string, plan: string): Promise<Account> {
    const words = ['account', 'create', '--region', region, '--email', email, '--plan', plan];
    const { code, stdout, stderr } = await this.gateway.command([...words, '--json']);
    if (code !== 0)
      throw new Unexpected(`The command line ended with exit code ${code}: ${stderr}`);
    const created = JSON.parse(stdout) as Account & { readonly region: string };
    this.narrator.command([...words, '--json'], maskTokenIn(stdout, created));
    this.expect(
      created.email === email && created.region === region && /^[0-9a-f]{40}$/.test(created.token),
      `${email} has an account in ${region} and a token of 40 hexadecimal digits`,
    );
    return created;
  }

  /** Says so when it holds, and ends the story when it does not. */
  expect(holds: boolean, promise: string): void {
    if (!holds) throw new Unexpected(`This does not hold: ${promise}.`);
    this.narrator.success(promise);
  }

  note(text: string): void {
    this.narrator.note(text);
  }
}

/** A field that the story goes on with. */
export function textField(answer: Answer, name: string): string {
  const value = answer.body?.[name];
  if (typeof value !== 'string' || value === '') {
    throw new Unexpected(`The answer has no text in its field ${name}.`);
  }
  return value;
}

export function accountIn(accounts: Accounts, region: string): Account {
  const account = accounts.get(region);
  if (account === undefined) throw new Unexpected(`There is no account in ${region} yet.`);
  return account;
}
