import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { DnsResolver } from '../dns/dns-resolver.js';
import { WebhookSettings } from './webhook-settings.js';
import { isAllowedAddress } from './webhook-url.js';

/** The addresses to connect to, or why there are none. */
export type TargetAddresses =
  | { readonly kind: 'found'; readonly addresses: readonly string[] }
  | { readonly kind: 'dns' | 'private_address' };

/** Looks up where a request goes, anew at each attempt: the answer may be another one each time (DNS rebinding). */
@Injectable()
export class TargetLookup {
  constructor(
    private readonly resolver: Pick<DnsResolver, 'lookup'>,
    private readonly settings: Pick<WebhookSettings, 'privateTargets'>,
  ) {}

  /** Of a name with one address that is not allowed, none is. IPv4 comes first: not every network has IPv6. */
  async find(host: string, signal: AbortSignal): Promise<TargetAddresses> {
    const all = isIP(host) === 0 ? await this.#resolve(host, signal) : [host];
    if (all.length === 0) return { kind: 'dns' };
    const { privateTargets } = this.settings;
    if (!all.every((address) => isAllowedAddress(address, privateTargets)))
      return { kind: 'private_address' };
    const first = (family: number) => all.filter((address) => isIP(address) === family).slice(0, 1);
    return { kind: 'found', addresses: [...first(4), ...first(6)] };
  }

  async #resolve(host: string, signal: AbortSignal): Promise<string[]> {
    const types = ['A', 'AAAA'] as const;
    const found = await Promise.all(types.map((type) => this.resolver.lookup(host, type, signal)));
    return found.flatMap(({ answer }) => (answer.status === 'ok' ? [...answer.values] : []));
  }
}
