import { setTimeout as delay } from 'node:timers/promises';
import type { Region } from '../../config/region.js';
import {
  encodeAnswer,
  lookUp,
  SERVFAIL,
  textAnswer,
  truncatedAnswer,
  type AuthoritativeAnswer,
  type AuthoritativeLookup,
  type AuthoritativeZone,
} from '../../dns/authoritative-answer.js';
import {
  readQuery,
  type AuthoritativeQuery,
  type AuthoritativeQuestion,
} from '../../dns/authoritative-query.js';
import type { DnsTransport } from '../../dns/dns-server.js';
import type { Cell } from '../../region/cell.js';
import { AppError } from '../../shared/app-error.js';
import { clientNetworksOf, networkOf, turnOf, type Network } from '../../shared/network.js';
import { onBehalfOf } from '../../shared/requester.js';
import { FreshReads } from './fresh-reads.js';
import type { NameserverJournal } from './nameserver-journal.js';
import type { NameserverLimits } from './nameserver-limits.js';
import type { QuestionBudget } from './question-budget.js';

/** The part of a cell that the name server uses. */
export type NameserverCell = Pick<Cell, 'region'> & {
  readonly names: Pick<Cell['names'], 'challengeValues' | 'nameserverProof'>;
};

export interface NameserverZone extends AuthoritativeZone {
  readonly region: Region;
}

export interface NameserverParts {
  readonly zones: readonly NameserverZone[];
  readonly cells: () => readonly NameserverCell[];
  readonly limits: NameserverLimits;
  /** Null: nothing is limited, for a load test. */
  readonly budget: QuestionBudget | null;
  readonly journal: NameserverJournal;
}

interface Asked {
  readonly query: AuthoritativeQuery;
  readonly transport: DnsTransport;
  readonly address: string;
}

type ValuesLookup = Extract<AuthoritativeLookup<NameserverZone>, { kind: 'values' }>;

/**
 * Answers for the zones of the process's cells. Only a question for the TXT record of a label reaches a database, the
 * zone's own. It asks nobody else and keeps nothing.
 */
export class Nameserver {
  readonly #reads = new FreshReads<readonly string[]>();
  #datagramReads = 0;

  constructor(private readonly parts: NameserverParts) {}

  /** Null: the datagram is not answered. Never rejects. */
  async answerDatagram(message: Buffer, address: string): Promise<Buffer | null> {
    const { budget, journal, limits } = this.parts;
    const charge = budget?.chargeDatagram(networkOf(address)) ?? 'answer';
    if (charge === 'drop') return this.#drop('rate', 'udp');
    if (message.length > limits.messageBytesMax) return this.#drop('too_long', 'udp');
    const query = readQuery(message);
    if (query === null) return this.#drop('unread', 'udp');
    const asked: Asked = { query, transport: 'udp', address };
    if (charge === 'truncate') return this.#reply(asked, null, truncatedAnswer());
    try {
      return await this.#answer(asked);
    } catch (error) {
      journal.failed('udp', error);
      return this.#reply(asked, null, SERVFAIL);
    }
  }

  /** Null: the connection is to be closed. Never rejects. */
  async answerStreamed(message: Buffer, address: string): Promise<Buffer | null> {
    const { budget, journal } = this.parts;
    if (budget?.chargeStreamed(networkOf(address)) === false) return this.#drop('rate', 'tcp');
    const query = readQuery(message);
    if (query === null) return this.#drop('unread', 'tcp');
    const asked: Asked = { query, transport: 'tcp', address };
    try {
      return await this.#answer(asked);
    } catch (error) {
      journal.failed('tcp', error);
      return this.#reply(asked, null, SERVFAIL);
    }
  }

  async #answer(asked: Asked): Promise<Buffer> {
    const { query } = asked;
    const found = lookUp(query, this.parts.zones);
    if (found.kind === 'settled' || query.question === null)
      return this.#reply(asked, found.zone, found.kind === 'settled' ? found.answer : SERVFAIL);
    const { region } = found.zone;
    const cell = this.parts.cells().find((each) => each.region === region);
    if (cell === undefined) return this.#reply(asked, found.zone, SERVFAIL);
    const answer =
      found.kind === 'proof'
        ? textAnswer(query.question, found.zone, [cell.names.nameserverProof(found.nonce)])
        : await this.#answerValues(asked, query.question, { ...found, cell });
    return this.#reply(asked, found.zone, answer);
  }

  async #answerValues(
    { transport, address }: Asked,
    question: AuthoritativeQuestion,
    { cell, label, zone }: ValuesLookup & { readonly cell: NameserverCell },
  ): Promise<AuthoritativeAnswer> {
    const { budget } = this.parts;
    const network = networkOf(address);
    if (!this.#takeRead(network, transport))
      return transport === 'udp' ? truncatedAnswer() : SERVFAIL;
    const read = (): Promise<readonly string[]> => cell.names.challengeValues(label);
    try {
      const values = await this.#inTime(
        onBehalfOf(turnOf(clientNetworksOf(address)), () =>
          this.#reads.read(`${cell.region} ${label}`, read),
        ),
      );
      if (values !== null && values.length > 0) budget?.returnRead(network, transport);
      return values === null ? SERVFAIL : textAnswer(question, zone, values);
    } catch (error) {
      // The database is away, which is said elsewhere.
      if (!(error instanceof AppError)) this.parts.journal.failed('challenge', error);
      return SERVFAIL;
    } finally {
      if (transport === 'udp') this.#datagramReads -= 1;
    }
  }

  #takeRead(network: Network, transport: DnsTransport): boolean {
    const { budget, limits } = this.parts;
    if (transport === 'udp' && this.#datagramReads >= limits.datagramReadsMax) return false;
    if (budget?.takeRead(network, transport) === false) return false;
    if (transport === 'udp') this.#datagramReads += 1;
    return true;
  }

  /** Null: the database has not answered in time. */
  async #inTime(values: Promise<readonly string[]>): Promise<readonly string[] | null> {
    const ended = new AbortController();
    try {
      const { signal } = ended;
      const late = delay(this.parts.limits.readWaitMs, null, { signal, ref: false });
      return await Promise.race([values, late]);
    } finally {
      ended.abort();
    }
  }

  #reply(
    { query, transport }: Asked,
    zone: NameserverZone | null,
    answer: AuthoritativeAnswer,
  ): Buffer {
    this.parts.journal.answered({
      region: zone?.region ?? null,
      type: query.question?.type ?? null,
      rcode: answer.isTruncated === true ? 'TRUNCATED' : answer.rcode,
      transport,
    });
    return encodeAnswer(query, answer, transport);
  }

  #drop(reason: 'rate' | 'too_long' | 'unread', transport: DnsTransport): null {
    this.parts.journal.dropped(reason, transport);
    return null;
  }
}
