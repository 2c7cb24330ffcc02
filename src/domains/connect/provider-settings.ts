import { z } from 'zod';
import type { Hostname } from '../../shared/hostname.js';
import {
  parsePanelUrl,
  parseProviderUrl,
  urlOf,
  type ProviderAddress,
} from './discovery-address.js';

/** What a DNS provider says of itself and of one zone. Every part of it was checked: a tenant may have written it. */
export interface ProviderSettings {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly api: ProviderAddress;
  /** Where the customer consents; null: the provider has no synchronous flow. */
  readonly syncUrl: string | null;
  readonly controlPanel: string | null;
  readonly width: number;
  readonly height: number;
}

const ID = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;
const NAME_LENGTH_MAX = 60;
const SIDE = { default: 750, min: 200, max: 2000 } as const;

/** Some providers send numbers as strings. */
const side = z.coerce.number().int().min(SIDE.min).max(SIDE.max).catch(SIDE.default);

const settingsSchema = z.object({
  providerId: z.string().regex(ID),
  providerName: z.string().catch(''),
  providerDisplayName: z.string().optional().catch(undefined),
  urlSyncUX: z.string().nullish().catch(null),
  urlAPI: z.string(),
  urlControlPanel: z.string().nullish().catch(null),
  width: side,
  height: side,
});

/** Null for anything that is not the settings of a provider. */
export function readProviderSettings(
  body: unknown,
  zone: string,
  baseDomain: Hostname,
): ProviderSettings | null {
  const parsed = settingsSchema.safeParse(body);
  if (!parsed.success) return null;
  const { data } = parsed;
  const api = parseProviderUrl(data.urlAPI, baseDomain);
  if (api === null) return null;
  const sync = parseProviderUrl(data.urlSyncUX ?? '', baseDomain);
  return {
    id: data.providerId,
    name: shown(data.providerDisplayName ?? '') || shown(data.providerName) || data.providerId,
    api,
    syncUrl: sync === null ? null : urlOf(sync),
    controlPanel: parsePanelUrl(data.urlControlPanel ?? '', zone, baseDomain),
    width: data.width,
    height: data.height,
  };
}

/** One short line without control characters and without those that turn the direction of a text. */
function shown(text: string): string {
  const line = text.toWellFormed().replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return line.trim().slice(0, NAME_LENGTH_MAX).toWellFormed();
}
