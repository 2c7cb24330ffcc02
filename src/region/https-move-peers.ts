import { request, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { z } from 'zod';
import {
  moveNameAnswerSchema,
  moveStateAnswerSchema,
  type MoveRefusal,
} from '../api/domains/transfer-answers.js';
import type { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import type { DnsResolver } from '../dns/dns-resolver.js';
import type { MoveId, MoveState } from '../domains/domain-move.js';
import { MovePeers } from '../domains/moves/move-peers.js';
import { unavailable } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';

const DEADLINE = 10 * SECOND;
const BODY_BYTES_MAX = 16 * 1024;
const REFUSAL = z.object({ code: z.string() });

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** The code of the answer that is final. */
  readonly refusal: MoveRefusal;
}

const TAKE = { method: 'POST', path: '', refusal: 'TRANSFER_CODE' } as const;

/** Asks the hosts of the other regions of the fleet, over HTTPS with a certificate that is valid for them. */
export class HttpsMovePeers extends MovePeers {
  /** @param localRoot of the local authority; null: a CA issues, and `NODE_EXTRA_CA_CERTS` adds to those that Node trusts */
  constructor(
    private readonly config: CellConfig,
    private readonly resolver: DnsResolver,
    private readonly localRoot: string | null,
  ) {
    super();
  }

  override async look(region: Region, code: string): Promise<string | null> {
    const body = { code, region: this.config.region };
    return (await this.#ask(region, { ...TAKE, body }, moveNameAnswerSchema))?.hostname ?? null;
  }

  override async accept(region: Region, code: string, id: MoveId): Promise<string | null> {
    const body = { code, region: this.config.region, id };
    return (await this.#ask(region, { ...TAKE, body }, moveNameAnswerSchema))?.hostname ?? null;
  }

  override async stateOf(region: Region, id: MoveId): Promise<MoveState | null> {
    return (
      (
        await this.#ask(
          region,
          { method: 'GET', path: `/state/${id}`, refusal: 'MOVE_UNKNOWN' },
          moveStateAnswerSchema,
        )
      )?.state ?? null
    );
  }

  async #ask<T>(region: Region, sent: Sent, schema: z.ZodType<T>): Promise<T | null> {
    try {
      const { status, text } = await this.#send(region, sent);
      if (status === 200) return schema.parse(JSON.parse(text));
      if (codeOf(text) === sent.refusal) return null;
      throw new Error(`the region ${region} answered ${status}`);
    } catch (error) {
      throw unavailable(error, 'REGION_UNREACHABLE');
    }
  }

  async #send(region: Region, { method, path, body }: Sent): Promise<Answered> {
    const { fleet, baseDomain, publicHttpsPort: port } = this.config;
    if (!fleet.includes(region)) throw new Error(`there is no region ${region}`);
    const host = `${region}.${baseDomain}`;
    const signal = AbortSignal.timeout(DEADLINE);
    const payload = body === undefined ? '' : JSON.stringify(body);
    return exchange(
      {
        host: await this.#addressOf(host, signal),
        servername: host,
        port,
        path: `/api/domains/moves${path}`,
        method,
        headers: {
          host: port === 443 ? host : `${host}:${port}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        },
        ...(this.localRoot === null ? {} : { ca: [...getCACertificates(), this.localRoot] }),
        agent: false,
        signal,
      },
      payload,
    );
  }

  /** RFC 6761 section 6.3: names under `localhost` are this machine. Others as our name servers say, or else the system. */
  async #addressOf(host: string, signal: AbortSignal): Promise<string> {
    const { answer } = await this.resolver.lookup(host, 'A', signal);
    const [address] = answer.status === 'ok' ? answer.values : [];
    if (address !== undefined && isIP(address) !== 0) return address;
    const [own = '127.0.0.1'] = this.config.ingressAddresses;
    return host.endsWith('.localhost') ? own : host;
  }
}

/** Any server on the way, and a version without these routes, may answer with the same status: theirs have no such code. */
function codeOf(text: string): string | null {
  try {
    return REFUSAL.parse(JSON.parse(text)).code;
  } catch {
    return null;
  }
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

function exchange(options: RequestOptions, payload: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (part: string) => {
        text += part;
        if (text.length > BODY_BYTES_MAX) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
