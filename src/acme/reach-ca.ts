import { SystemClock } from '../shared/clock.js';
import { DirectoryReader, type AcmeCa, type AcmeDirectory } from './acme-ca.js';
import { localProblem } from './acme-problem.js';
import { AcmeTransport } from './acme-transport.js';

interface ReachedCa {
  readonly directory: AcmeDirectory;
  /** What the CA's clock said, in milliseconds since the epoch; null: it gave no date. */
  readonly now: number | null;
}

/**
 * Reads a CA's directory and asks it for a nonce, which needs no account.
 * @throws AcmeProblem when it cannot be reached or is no ACME CA
 */
export async function reachCa(
  ca: AcmeCa,
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<ReachedCa> {
  let now: number | null = null;
  const onDate = (date: number): void => {
    now = date;
  };
  const transport = new AcmeTransport({ ...options, caFile: ca.caFile, onDate });
  try {
    const directory = await new DirectoryReader(ca, transport, new SystemClock()).read();
    const { headers, status } = await transport.request(directory.newNonce, 'HEAD');
    if (headers['replay-nonce'] === undefined)
      throw localProblem('unreadable_answer', `${ca.name} gives no nonce, only status ${status}`);
    return { directory, now };
  } finally {
    transport.close();
  }
}
