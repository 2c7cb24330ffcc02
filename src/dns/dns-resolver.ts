import { getServers } from 'node:dns';
import { readReply, type DnsFinding, type DnsLookup } from './dns-finding.js';
import { mergeFindings } from './dns-merge.js';
import type { DnsQuestion, QueryType } from './dns-message.js';
import { askServer, parseServerAddress, type DnsServerAddress } from './dns-transport.js';
import { hasFailed } from './dns-answer.js';

export interface DnsResolverOptions {
  /** `host:port`; empty: the system's. */
  readonly servers: readonly string[];
  /** For one try at one server. */
  readonly timeoutMs?: number;
  readonly tries?: number;
}

type Said = DnsFinding & { readonly dnssecBogus: boolean };

const TIMEOUT_MS = 1500;
const TRIES = 2;
const CHAIN_LINKS_MAX = 16;

/**
 * Looks names up at every configured server at once and compares. With packets of our own: node's resolver
 * hides CNAME chains, TTLs and response codes. Nothing is cached, and nothing here throws.
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

  /** `signal` ends the look-up early; what has not come by then counts as a timeout. */
  async lookup(name: string, type: QueryType, signal?: AbortSignal): Promise<DnsLookup> {
    const question = { name: name.toLowerCase().replace(/\.$/, ''), type, checkingDisabled: false };
    const said = await Promise.all(
      this.#servers.map((server) => this.#askOne(server, question, signal)),
    );
    return mergeFindings(said);
  }

  async #askOne(
    server: DnsServerAddress,
    question: DnsQuestion,
    signal: AbortSignal | undefined,
  ): Promise<Said> {
    const finding = await this.#follow(server, question, signal);
    if (finding.answer.status !== 'servfail') return { ...finding, dnssecBogus: false };
    // RFC 4035 section 3.2.2: with CD set a validating resolver hands out what it could not validate.
    const unchecked = { ...question, checkingDisabled: true };
    const again = await this.#follow(server, unchecked, signal);
    return { ...finding, dnssecBogus: !hasFailed(again.answer) };
  }

  /** One finding, CNAMEs followed: by the server where it does that, else by us. */
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
        const finding = readReply(question.name, question.type, reply);
        const isAlias = finding.chain.length > 0 && finding.answer.status === 'nodata';
        return { ...finding, isUnfinished: isAlias && !reply.isRecursive };
      } catch {
        status = either.aborted ? 'timeout' : 'error';
      }
    }
    return { answer: { status }, chain: [], siblings: [], isUnfinished: false };
  }
}
