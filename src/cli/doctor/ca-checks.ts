import type { AcmeCaConfig } from '../../config/acme-config.js';
import { reachCa } from '../../acme/reach-ca.js';
import { SECOND } from '../../shared/durations.js';
import { skewFinding } from './clock-check.js';
import { bad, good, note, reasonOf, type Check, type Finding } from './finding.js';

const TIMEOUT = 8 * SECOND;
const REACH_IT = 'let this host reach it by HTTPS; certificates are renewed weeks before their end';
const CA_CHECK = { name: 'CA', region: null, ifItFails: REACH_IT };

export function caChecks(cas: readonly AcmeCaConfig[]): Check[] {
  if (cas.length === 0) {
    const finding = note(
      'the local authority issues: no browser trusts its certificates',
      'set GATEWAY_ACME_DIRECTORY for others than you; nothing to do for development',
    );
    return [{ ...CA_CHECK, run: () => Promise.resolve([finding]) }];
  }
  return cas.map((ca) => ({ ...CA_CHECK, run: (signal) => checkCa(ca, signal) }));
}

async function checkCa(ca: AcmeCaConfig, signal: AbortSignal): Promise<Finding[]> {
  try {
    const asked = Date.now();
    const { directory, now } = await reachCa(ca, { timeout: TIMEOUT, signal });
    const ended = Date.now();
    const binding =
      directory.meta.externalAccountRequired && ca.eab === null
        ? [bad(`${ca.name} requires an external account`, 'set its EAB_KID and EAB_HMAC')]
        : [];
    // The header has whole seconds.
    const clock =
      now === null ? [] : [skewFinding(ca.name, (asked + ended) / 2 - now - SECOND / 2)];
    return [good(`${ca.name} gives its directory and a nonce`), ...binding, ...clock];
  } catch (error) {
    return [bad(`${ca.name} cannot be used: ${reasonOf(error)}`, REACH_IT)];
  }
}
