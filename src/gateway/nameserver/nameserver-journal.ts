import { Counter, type Registry } from 'prom-client';
import type { DnsTransport } from '../../dns/dns-server.js';
import type { ListenerJournal } from '../edge-journal.js';

export type DropReason = 'rate' | 'too_long' | 'connections' | 'unread' | 'unsent';

/** The label `type`: a closed set, so that clients cannot create series. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  16: 'TXT',
  28: 'AAAA',
  43: 'DS',
  65: 'HTTPS',
  255: 'ANY',
  257: 'CAA',
};

interface Answered {
  /** Null: the name is in no zone of ours. */
  readonly region: string | null;
  /** Null: no question could be read. */
  readonly type: number | null;
  readonly rcode: string;
  readonly transport: DnsTransport;
}

/** Counts what the name server answers and drops. It writes down no name. */
export class NameserverJournal {
  readonly #queries: Counter<'region' | 'type' | 'rcode' | 'transport'>;
  readonly #dropped: Counter<'reason' | 'transport'>;

  constructor(
    registry: Registry,
    private readonly edge: ListenerJournal,
  ) {
    this.#queries = new Counter({
      name: 'gateway_dns_queries_total',
      help: 'Questions that the name server has answered, by response code; TRUNCATED: the client was asked to come by TCP',
      labelNames: ['region', 'type', 'rcode', 'transport'],
      registers: [registry],
    });
    this.#dropped = new Counter({
      name: 'gateway_dns_dropped_total',
      help: 'Datagrams and connections that the name server has not answered, by reason',
      labelNames: ['reason', 'transport'],
      registers: [registry],
    });
    this.#dropped.inc({ reason: 'rate', transport: 'udp' }, 0);
  }

  answered({ region, type, rcode, transport }: Answered): void {
    const name = type === null ? 'none' : (TYPE_NAMES[type] ?? 'other');
    this.#queries.inc({ region: region ?? 'none', type: name, rcode, transport });
  }

  dropped(reason: DropReason, transport: DnsTransport): void {
    this.#dropped.inc({ reason, transport });
  }

  acceptFailed(error: unknown): void {
    this.edge.acceptFailed('nameserver', error);
  }

  failed(event: string, error: unknown): void {
    this.edge.handlerFailed('nameserver', event, error);
  }
}
