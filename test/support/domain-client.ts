import { call, type Answer, type Target } from './https-client.js';
import { until } from './until.js';

/** One of the records that an answer tells the customer to make. */
export interface AdvisedRecord {
  readonly purpose: string;
  readonly action: string;
  readonly fqdn: string;
  readonly type: string;
  readonly desired: readonly string[];
}

/** As much of a domain as tests look at. */
export interface DomainRecord {
  readonly id: string;
  readonly hostname: string;
  readonly serving: { readonly ready: boolean; readonly blocked_by: readonly string[] };
  readonly ownership: { readonly state: string };
  readonly routing: { readonly state: string; readonly target: string | null };
  readonly certificate: { readonly state: string; readonly ca: string | null };
  readonly records: readonly AdvisedRecord[];
  readonly issues: readonly { readonly code: string }[];
}

/** A customer at `/api/domains` on the region's own host. */
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

  /** Waits until the name serves; the failure shows where it stands. */
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

/** What the customer has to make, and nothing else. */
export function recordsToMake({ records }: DomainRecord): readonly AdvisedRecord[] {
  return records.filter(({ action }) => action === 'add' || action === 'change');
}

function recordIn(answer: Answer, status: number): DomainRecord {
  if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
  return answer.json<{ record: DomainRecord }>().record;
}
