import { call, type Answer, type Target } from './https-client.js';
import { until } from './until.js';

/** A record of the answer. */
export interface AdvisedRecord {
  readonly purpose: string;
  readonly action: string;
  readonly fqdn: string;
  readonly type: string;
  readonly desired: readonly string[];
}

/** The part of a domain that tests use. */
export interface DomainRecord {
  readonly id: string;
  readonly hostname: string;
  readonly serving: { readonly ready: boolean; readonly blocked_by: readonly string[] };
  readonly ownership: { readonly state: string };
  readonly routing: { readonly state: string; readonly target: string | null };
  readonly certificate: { readonly state: string; readonly ca: string | null };
  readonly records: readonly AdvisedRecord[];
  readonly issues: readonly { readonly code: string }[];
  readonly setup: {
    readonly domain_connect: ConnectRecord | null;
    readonly panel: { readonly provider: string; readonly url: string } | null;
  };
}

export interface ConnectRecord {
  readonly state: string;
  readonly provider: { readonly id: string; readonly name: string } | null;
  readonly zone: string | null;
  readonly host: string | null;
  readonly url: string | null;
  readonly prepare_url: string | null;
  readonly writes: readonly number[];
  readonly replaces: readonly { readonly name: string; readonly type: string }[];
  readonly pair: { readonly hostname: string; readonly value: string } | null;
  readonly control_panel: string | null;
}

/** A customer's client of `/api/domains` on the region host. */
export class DomainClient {
  constructor(
    private readonly target: () => Target,
    readonly auth: string,
  ) {}

  send(method: string, path: string, body?: object): Promise<Answer> {
    return call(this.target(), {
      method,
      path: `/api/domains${path}`,
      auth: this.auth,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  }

  async claim(domain: string): Promise<DomainRecord> {
    return recordIn(await this.send('POST', '', { domain }), 201);
  }

  async get(id: string): Promise<DomainRecord> {
    return recordIn(await this.send('GET', `/${id}`), 200);
  }

  async verify(id: string): Promise<DomainRecord> {
    return recordIn(await this.send('POST', `/${id}/verify`), 200);
  }

  async events(id: string): Promise<readonly { axis: string; type: string }[]> {
    const answer = await this.send('GET', `/${id}/events`);
    return answer.json<{ records: { axis: string; type: string }[] }>().records;
  }

  /** Waits until the name serves. The error of a timeout contains the last state. */
  async serving(id: string): Promise<DomainRecord> {
    let seen: DomainRecord | null = null;
    try {
      return await until('the domain serves', async () => {
        seen = await this.get(id);
        return seen.serving.ready ? seen : null;
      });
    } catch (cause) {
      throw new Error(`the domain does not serve: ${JSON.stringify(seen)}`, { cause });
    }
  }
}

/** The records that the customer has to add or change. */
export function recordsToMake({ records }: DomainRecord): readonly AdvisedRecord[] {
  return records.filter(({ action }) => action === 'add' || action === 'change');
}

function recordIn(answer: Answer, status: number): DomainRecord {
  if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
  return answer.json<{ record: DomainRecord }>().record;
}
