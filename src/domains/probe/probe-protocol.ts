import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Region } from '../../config/region.js';
import type { RootKey, RootKeys } from '../../config/root-key.js';

/** The probe of a name (the Host of the request, without port) for a region. */
export interface ProbeQuestion {
  readonly region: Region;
  readonly hostname: string;
  /** 32 hex digits, fresh for each probe. */
  readonly nonce: string;
}

/** Below it are the paths of all probes. */
export const PROBE_PATH_PREFIX = '/.well-known/onetime-gateway/';
const PATH = /^\/\.well-known\/onetime-gateway\/([a-z][a-z0-9]{1,15})\/([0-9a-f]{32})$/;
const ANSWER = /^([a-z][a-z0-9]{1,15}) ([0-9a-f]{64})\s*$/;
const KEY_BYTES = 32;

export function probePath(question: Pick<ProbeQuestion, 'region' | 'nonce'>): string {
  return `${PROBE_PATH_PREFIX}${question.region}/${question.nonce}`;
}

/** The region and the nonce in a request path; null if it is no probe. */
export function parseProbePath(path: string): Pick<ProbeQuestion, 'region' | 'nonce'> | null {
  const [, region, nonce] = PATH.exec(path) ?? [];
  return region === undefined || nonce === undefined ? null : { region: region as Region, nonce };
}

/**
 * The body of an answer: `REGION HMAC`. A gateway that does not serve the requested region answers with a region of its
 * own, which shows that the name leads to the wrong region.
 */
export function answerProbe(
  rootKeys: RootKeys,
  region: Region,
  hostname: string,
  nonce: string,
): string {
  return `${region} ${tagOf(rootKeys[0], { region, hostname, nonce })}`;
}

/** Accepts any root key of the region: replicas load a new one at different times. */
export function readProbeAnswer(
  body: string,
  rootKeys: RootKeys,
  question: ProbeQuestion,
): 'ours' | 'other_region' | 'stranger' {
  const [, region, tag] = ANSWER.exec(body) ?? [];
  if (region === undefined || tag === undefined) return 'stranger';
  if (region !== question.region) return 'other_region';
  const isOurs = rootKeys
    .map((root) => timingSafeEqual(Buffer.from(tag), Buffer.from(tagOf(root, question))))
    .includes(true);
  return isOurs ? 'ours' : 'stranger';
}

function tagOf(root: RootKey, question: ProbeQuestion): string {
  // A derived key: anybody can request an answer, so it must be useless for other purposes.
  const context = `routing probe ${question.region}`;
  const key = Buffer.from(hkdfSync('sha256', root.bytes, '', context, KEY_BYTES));
  return createHmac('sha256', key)
    .update(`${question.hostname.toLowerCase()}|${question.nonce}`)
    .digest('hex');
}
