import { getServers } from 'node:dns';
import { hasFailed } from './dns-answer.js';
import { CHAIN_LINKS_MAX, readFinding, type DnsFinding } from './dns-finding.js';
import { mergeFindings, type DnsLookup, type ServerFinding } from './dns-lookup.js';
import type { DnsQuestion, QueryType } from './dns-message.js';
import { normalisedName } from './dns-name.js';
import { askServer, parseServerAddress, type DnsServerAddress } from './dns-transport.js';

// What this room knows: how to ask name servers and compare their answers, how CAA records (RFC 8659) permit a CA to
// issue, and how to answer queries from a list of records, for development and tests.
// What it must not know: customers, their claims and their accounts.

export interface DnsResolverOptions {
  /** `host:port`; empty for the servers of the operating system. */
  readonly servers: readonly string[];
  /** Of one try at one server. */
  readonly timeoutMs?: number;
  readonly tries?: number;
}

const TIMEOUT_MS = 1500;
const TRIES = 2;

/**
 * Asks every configured server at once and merges the answers. It sends its own packets, because the resolver of
 * Node.js hides CNAME chains, TTLs and response codes. It caches nothing and never throws.
 */
export class DnsResolver {
  readonly #servers: readonly DnsServerAddress[];
  readonly #timeoutMs: number;
  readonly #tries: number;

  constructor({ servers, timeoutMs = TIMEOUT_MS, tries = TRIES }: DnsResolverOptions) {
    const texts = servers.length > 0 ? servers : getServers();
    this.#servers = texts.map(parseServerAddress);
    this.#timeoutMs = timeoutMs;
    this.#tries = tries;
  }

  /** @param signal ends the lookup early; a server that has not answered by then counts as `timeout` */
  async lookup(name: string, type: QueryType, signal?: AbortSignal): Promise<DnsLookup> {
    const question = { name: normalisedName(name), type, checkingDisabled: false };
    const findings = await Promise.all(
      this.#servers.map((server) => this.#askOne(server, question, signal)),
    );
    return mergeFindings(findings);
  }

  async #askOne(
    server: DnsServerAddress,
    question: DnsQuestion,
    signal: AbortSignal | undefined,
  ): Promise<ServerFinding> {
    const finding = await this.#follow(server, question, signal);
    if (finding.answer.status !== 'servfail') return { ...finding, dnssecBogus: false };
    // RFC 4035 section 3.2.2: with CD set, a validating resolver returns data that failed validation.
    const unchecked = { ...question, checkingDisabled: true };
    const again = await this.#follow(server, unchecked, signal);
    return { ...finding, dnssecBogus: !hasFailed(again.answer) };
  }

  /** Follows the CNAME records that the server itself did not follow. */
  async #follow(
    server: DnsServerAddress,
    question: DnsQuestion,
    signal: AbortSignal | undefined,
  ): Promise<DnsFinding> {
    let found = await this.#ask(server, question, signal);
    const first = found;
    const chain = [...found.chain];
    while (found.isUnfinished && chain.length < CHAIN_LINKS_MAX) {
      const name = chain.at(-1) ?? question.name;
      found = await this.#ask(server, { ...question, name }, signal);
      if (found.chain.length === 0) break;
      chain.push(...found.chain);
    }
    return { answer: found.answer, chain, siblings: first.siblings };
  }

  async #ask(
    server: DnsServerAddress,
    question: DnsQuestion,
    signal: AbortSignal | undefined,
  ): Promise<DnsFinding & { isUnfinished: boolean }> {
    let status: 'timeout' | 'error' = 'timeout';
    for (let tried = 0; tried < this.#tries && signal?.aborted !== true; tried += 1) {
      const timeout = AbortSignal.timeout(this.#timeoutMs);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        const reply = await askServer(server, question, either);
        const finding = readFinding(question.name, question.type, reply);
        const isAlias = finding.chain.length > 0 && finding.answer.status === 'nodata';
        return { ...finding, isUnfinished: isAlias && !reply.isRecursive };
      } catch {
        status = either.aborted ? 'timeout' : 'error';
      }
    }
    return { answer: { status }, chain: [], siblings: [], isUnfinished: false };
  }
}
