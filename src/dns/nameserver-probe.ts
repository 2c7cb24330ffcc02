import { randomBytes } from 'node:crypto';
import type { RootKeys } from '../config/root-key.js';
import { hasFailed } from './dns-answer.js';
import type { ServerFinding } from './dns-lookup.js';
import type { DnsResolver } from './dns-resolver.js';
import { isProof, proofName } from './nameserver-proof.js';

/**
 * `ours`: the public DNS leads to a gateway of the region. `stranger`: somebody else answers for the name, or nobody does
 * because it is not delegated. `bogus`: DNSSEC forbids the answer, as with a DS record that belongs to no key here.
 * `silent`: no resolver has an answer.
 */
export type NameserverFinding = 'ours' | 'stranger' | 'bogus' | 'silent';

interface Probed {
  readonly zone: string;
  readonly rootKeys: RootKeys;
}

/**
 * Asks for a name that nobody has asked for before, so that no cache answers. One resolver that gets another answer is
 * enough to say no: a CA may ask by the same way.
 */
export async function probeNameserver(
  resolver: Pick<DnsResolver, 'lookup'>,
  { zone, rootKeys }: Probed,
  signal?: AbortSignal,
): Promise<NameserverFinding> {
  const nonce = randomBytes(16).toString('hex');
  const { byServer, dnssecBogus } = await resolver.lookup(proofName(zone, nonce), 'TXT', signal);
  const isOurs = ({ answer }: ServerFinding): boolean =>
    answer.status === 'ok' && answer.values.every((value) => isProof(value, rootKeys, zone, nonce));
  if (dnssecBogus) return 'bogus';
  const answered = byServer.filter(({ answer }) => !hasFailed(answer));
  if (answered.length === 0) return 'silent';
  return answered.every(isOurs) ? 'ours' : 'stranger';
}
