import type { DnsProvider, PanelRecord } from './dns-provider.js';
import { BASE_DOMAIN, type GatewayProcess } from './gateway-process.js';
import { httpsCall, type Account, type Answer, type Call } from './https-call.js';
import { maskTokenIn, type Narrator } from './narrator.js';

/** A result differs from what the demo expects. The message is a full sentence. */
export class UnexpectedResult extends Error {}

/** One step of the demo. `run` throws UnexpectedResult at the first difference. */
export interface Step {
  readonly title: string;
  readonly run: (session: DemoSession) => Promise<void>;
}

interface SessionParts {
  readonly gateway: GatewayProcess;
  readonly dns: DnsProvider;
  /** PEM of the only trusted root. */
  readonly root: string;
  /** True: certificates come from an ACME server. False: from the local authority. */
  readonly hasAcme: boolean;
}

/** The demo's accounts by region. */
export type Accounts = Map<string, Account>;

/** A running gateway with the actions of the steps. Each action is printed. */
export class DemoSession {
  constructor(
    private readonly parts: SessionParts,
    private readonly narrator: Narrator,
  ) {}

  get gateway(): GatewayProcess {
    return this.parts.gateway;
  }

  get hasAcme(): boolean {
    return this.parts.hasAcme;
  }

  /** `eu.onetime.localhost` */
  hostOf(region: string): string {
    return `${region}.${BASE_DOMAIN}`;
  }

  /** Sends a request and prints it with its answer, or with the answer's summary. */
  async call(call: Call, summarise?: (answer: Answer) => string): Promise<Answer> {
    this.narrator.call(call, this.gateway.ports.https);
    const answer = await this.ask(call);
    this.narrator.answer(answer, summarise?.(answer));
    return answer;
  }

  /** Sends a request without printing it. Rejects when there is no connection or the certificate is not trusted. */
  ask(call: Call): Promise<Answer> {
    return httpsCall({ port: this.gateway.ports.https, root: this.parts.root }, call);
  }

  /** Publishes records at the DNS provider and replaces those of the same name and type. */
  publish(record: PanelRecord): void {
    this.parts.dns.publish(record);
    this.narrator.note(`DNS: ${record.fqdn} ${record.type} ${record.values.join(', ')}`);
  }

  unpublish(fqdn: string, type: PanelRecord['type']): void {
    this.parts.dns.remove(fqdn, type);
    this.narrator.note(`DNS: ${fqdn} ${type} removed`);
  }

  /** Creates an account with the operator's command line. */
  async createAccount(region: string, email: string, plan: string): Promise<Account> {
    const words = ['account', 'create', '--region', region, '--email', email, '--plan', plan];
    const { code, stdout, stderr } = await this.gateway.command([...words, '--json']);
    if (code !== 0)
      throw new UnexpectedResult(`The command line ended with exit code ${code}: ${stderr}`);
    const created = JSON.parse(stdout) as Account & { readonly region: string };
    this.narrator.command([...words, '--json'], maskTokenIn(stdout, created));
    this.expect(
      created.email === email && created.region === region && /^[0-9a-f]{40}$/.test(created.token),
      `${email} has an account in ${region} with a token of 40 hexadecimal digits`,
    );
    return created;
  }

  /** Prints the promise if it holds, else throws UnexpectedResult. */
  expect(holds: boolean, promise: string): void {
    if (!holds) throw new UnexpectedResult(`Expectation failed: ${promise}.`);
    this.narrator.success(promise);
  }

  note(text: string): void {
    this.narrator.note(text);
  }
}

/** A field that must be present and not empty. */
export function textField(answer: Answer, name: string): string {
  const value = answer.body?.[name];
  if (typeof value !== 'string' || value === '') {
    throw new UnexpectedResult(`The answer has no text in its field ${name}.`);
  }
  return value;
}

export function accountIn(accounts: Accounts, region: string): Account {
  const account = accounts.get(region);
  if (account === undefined) throw new UnexpectedResult(`There is no account in ${region} yet.`);
  return account;
}
