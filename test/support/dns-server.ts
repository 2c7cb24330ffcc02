import {
  startDnsServer,
  type DnsResponse,
  type IncomingQuestion,
  type RunningDnsServer,
} from '../../src/dns/dns-server.js';
import { valuesOf } from '../../src/dns/dns-answer.js';
import { DnsResolver } from '../../src/dns/dns-resolver.js';
import { DnsZone } from '../../src/dns/dns-zone.js';

/**
 * A faulty response. `bogus`: SERVFAIL unless the query has the CD bit. `truncated`: over UDP an empty response with
 * the TC bit. `authoritative`: no CNAME record is followed.
 */
export type DnsFault =
  | 'servfail'
  | 'refused'
  | 'notimp'
  | 'nxdomain'
  | 'silent'
  | 'truncated'
  | 'bogus'
  | 'authoritative';

/** A DNS server on loopback with records and faults that a test sets. */
export class TestDnsServer {
  readonly zone = new DnsZone();
  /** Every question received, in order. */
  readonly asked: IncomingQuestion[] = [];
  /** Responses that the zone refuses to hold, by `name type`. */
  readonly raw = new Map<string, DnsResponse>();
  readonly #faults = new Map<string, DnsFault>();
  #delegated: { readonly zone: string; readonly server: DnsResolver } | null = null;
  #running: RunningDnsServer | null = null;

  static async start(): Promise<TestDnsServer> {
    const server = new TestDnsServer();
    server.#running = await startDnsServer((question) => server.#respond(question));
    return server;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    if (this.#running === null) throw new Error('not started');
    return this.#running.address;
  }

  async stop(): Promise<void> {
    await this.#running?.close();
  }

  /** Sets the fault of `name` (`*`: every name) for one type or for all; `null` removes it. */
  fault(name: string, fault: DnsFault | null, type = ''): void {
    if (fault === null) this.#faults.delete(`${name} ${type}`);
    else this.#faults.set(`${name} ${type}`, fault);
  }

  /** TXT records below the zone are those of the name server at this address. */
  delegate(zone: string, address: string): void {
    this.#delegated = { zone, server: new DnsResolver({ servers: [address] }) };
  }

  async #respond(question: IncomingQuestion): Promise<DnsResponse | null> {
    if (this.#delegated !== null && question.name.endsWith(`.${this.#delegated.zone}`)) {
      const { answer } = await this.#delegated.server.lookup(question.name, 'TXT');
      const texts = valuesOf(answer).map((text) => ({
        name: question.name,
        type: 'TXT' as const,
        ttl: 1,
        data: [text],
      }));
      return { rcode: 'NOERROR', answers: question.type === 'TXT' ? texts : [] };
    }
    return this.#answer(question);
  }

  #answer(question: IncomingQuestion): DnsResponse | null {
    this.asked.push(question);
    const { name, type, transport, checkingDisabled } = question;
    const fault = [`${name} ${type}`, `${name} `, `* ${type}`, '* ']
      .map((key) => this.#faults.get(key))
      .find((each) => each !== undefined);
    const right = this.raw.get(`${name} ${type}`) ?? this.zone.answer(name, type);
    switch (fault) {
      case undefined:
        return right;
      case 'silent':
        return null;
      case 'servfail':
      case 'refused':
      case 'notimp':
      case 'nxdomain':
        return { rcode: RCODES[fault], answers: [] };
      case 'bogus':
        return checkingDisabled ? right : { rcode: 'SERVFAIL', answers: [] };
      case 'truncated':
        return transport === 'udp' ? { ...right, answers: [], isTruncated: true } : right;
      case 'authoritative':
        return {
          rcode: 'NOERROR',
          answers: right.answers.filter((answer) => answer.name === name),
          isRecursive: false,
        };
    }
  }
}

const RCODES = {
  servfail: 'SERVFAIL',
  refused: 'REFUSED',
  notimp: 'NOTIMP',
  nxdomain: 'NXDOMAIN',
} as const;
