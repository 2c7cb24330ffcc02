import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { valuesOf } from '../../dns/dns-answer.js';
import type { DnsResolver } from '../../dns/dns-resolver.js';
import { addressKind, canonicalAddress } from '../../shared/ip-address.js';
import type { ProviderAddress } from './discovery-address.js';

export interface DiscoveryReach {
  readonly port: number;
  /** PEM; null: the system's roots. */
  readonly roots: string | null;
  /** Of the region's gateways. */
  readonly ownAddresses: readonly string[];
  /** In tests alone: they may be connected to, and need not be public. */
  readonly reachesOwn: boolean;
}

export interface DiscoveryAnswer {
  readonly status: number;
  /** Null: no JSON. */
  readonly body: unknown;
}

const BODY_BYTES_MAX = 32 * 1024;
const HEADER_BYTES_MAX = 8192;
const ADDRESSES_TRIED = 2;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/**
 * GET requests to servers that the owner of a zone names. The name is looked up once, every address of it has to be
 * public, the connection goes to an address of that look-up, and the certificate has to be the name's. No redirect is
 * followed.
 */
export class DiscoveryRequest {
  constructor(
    private readonly resolver: DnsResolver,
    private readonly reach: DiscoveryReach,
  ) {}

  /** Null: there was no answer, or one that is too long. Never throws. @param path below the address's own */
  async get(
    { host, path: base }: ProviderAddress,
    path: string,
    signal: AbortSignal,
  ): Promise<DiscoveryAnswer | null> {
    const addresses = await this.#lookUp(host, signal);
    for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
      try {
        const response = await this.#send({ address, host, path: `${base}${path}` }, signal);
        return await readAnswer(response);
      } catch {
        if (signal.aborted) return null;
      }
    }
    return null;
  }

  /** Empty if one of the addresses is not public: whoever names us one private address among others is not asked. */
  async #lookUp(host: string, signal: AbortSignal): Promise<string[]> {
    const lookups = await Promise.all([
      this.resolver.lookup(host, 'A', signal),
      this.resolver.lookup(host, 'AAAA', signal),
    ]);
    const addresses = lookups.flatMap(({ answer }) => valuesOf(answer)).map(canonicalAddress);
    return addresses.every((address) => isConnectable(address, this.reach)) ? addresses : [];
  }

  #send(
    { address, host, path }: { readonly address: string; readonly host: string; path: string },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { port, roots } = this.reach;
    return new Promise((resolve, reject) => {
      const request = requestHttps({
        host: address,
        // The certificate is verified for this name.
        servername: host,
        port,
        path,
        headers: {
          host,
          accept: 'application/json',
          'user-agent': 'onetime-gateway',
          connection: 'close',
        },
        agent: false,
        maxHeaderSize: HEADER_BYTES_MAX,
        signal,
        ...(roots !== null && { ca: roots }),
      });
      request.on('response', resolve).on('error', reject);
      request.on('close', () => reject(new Error('the connection was closed'))).end();
    });
  }
}

/** A public address of somebody else: nothing that a tenant writes leads our requests to ourselves. */
export function isConnectable(
  address: string,
  { ownAddresses, reachesOwn }: Pick<DiscoveryReach, 'ownAddresses' | 'reachesOwn'>,
): boolean {
  const isOwn = ownAddresses.map(canonicalAddress).includes(canonicalAddress(address));
  return isOwn ? reachesOwn : addressKind(address) === 'public';
}

async function readAnswer(response: IncomingMessage): Promise<DiscoveryAnswer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving destroys the connection, so the rest is not received.
    if (length > BODY_BYTES_MAX) return null;
  }
  const isJson = JSON_TYPE.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode ?? 0,
    body: isJson ? parsed(Buffer.concat(chunks).toString()) : null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
