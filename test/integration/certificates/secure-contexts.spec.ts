import { CertificateIssuer } from '../../../src/certificates/certificate-issuer.js';
import type { IssuedCertificate } from '../../../src/acme/issued-certificate.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import {
  SecureContexts,
  type SecureContextsOptions,
} from '../../../src/certificates/contexts/secure-contexts.js';
import { DAY, MINUTE } from '../../../src/shared/durations.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { until } from '../../support/until.js';
import { openTestAuthority, type TestAuthority } from './test-authority.js';

const EU = requireHostname('eu.onetime.example');
const US = requireHostname('us.onetime.example');
const BASE = requireHostname('onetime.example');
const STRANGER = requireHostname('elsewhere.example');

/** Counts its calls and can be made to fail. */
class ObservedIssuer extends CertificateIssuer {
  readonly asked: Hostname[] = [];
  isBroken = false;

  constructor(private readonly issuer: CertificateIssuer) {
    super();
  }

  override issue(hostname: Hostname): Promise<IssuedCertificate> {
    this.asked.push(hostname);
    return this.isBroken ? Promise.reject(new Error('out of order')) : this.issuer.issue(hostname);
  }
}

describe('SecureContexts', () => {
  let test: TestAuthority;
  let issuer: ObservedIssuer;
  const servers = new HostServers();
  beforeEach(async () => {
    test = await openTestAuthority();
    issuer = new ObservedIssuer(test.authority);
  });
  afterEach(() => test.remove());

  const contextsOf = (options: Partial<SecureContextsOptions> = {}) =>
    new SecureContexts(issuer, test.clock, {
      isServable: (hostname) => hostname !== STRANGER,
      serversOf: () => servers,
      ...options,
    });

  it('returns null for a name that is not ours, without a call to the issuer', () => {
    expect(contextsOf().find(STRANGER)).toBeNull();
    expect(issuer.asked).toEqual([]);
  });

  it('makes one certificate for concurrent calls and keeps it in memory', async () => {
    const contexts = contextsOf();
    const [first, ...others] = await Promise.all(
      Array.from({ length: 20 }, () => Promise.resolve(contexts.find(EU))),
    );
    expect(new Set(others)).toEqual(new Set([first]));
    expect(contexts.find(EU)).toBe(first);
    expect(issuer.asked).toEqual([EU]);
  });

  it('calls the issuer again after a failure', async () => {
    const contexts = contextsOf();
    issuer.isBroken = true;
    await expect(contexts.find(EU)).rejects.toThrow('out of order');
    issuer.isBroken = false;
    expect(await contexts.find(EU)).not.toBeNull();
  });

  it('stops serving a name that is no longer ours', async () => {
    let isOurs = true;
    const contexts = contextsOf({ isServable: () => isOurs });
    await contexts.find(EU);
    isOurs = false;
    expect(contexts.find(EU)).toBeNull();
  });

  it('renews in the background when a third of the lifetime is left', async () => {
    const contexts = contextsOf();
    const old = await contexts.find(EU);
    test.clock.forward(59 * DAY);
    expect(contexts.find(EU)).toBe(old);
    expect(issuer.asked).toHaveLength(1);

    test.clock.forward(2 * DAY);
    expect(contexts.find(EU)).toBe(old);
    const renewed = await until('the new certificate', () => {
      const found = contexts.find(EU);
      return found === old ? null : found;
    });
    expect(contexts.find(EU)).toBe(renewed);
    expect(issuer.asked).toHaveLength(2);
  });

  it('serves the old certificate while renewals fail, attempts one a minute, and reports each failure', async () => {
    const failed: Hostname[] = [];
    const contexts = contextsOf({ onRenewalFailed: (hostname) => failed.push(hostname) });
    const old = await contexts.find(EU);
    issuer.isBroken = true;
    test.clock.forward(80 * DAY);
    for (let times = 0; times < 5; times++) expect(contexts.find(EU)).toBe(old);
    await until('the failure', () => failed.length > 0);
    expect(contexts.find(EU)).toBe(old);
    expect(issuer.asked).toHaveLength(2);

    test.clock.forward(MINUTE);
    issuer.isBroken = false;
    expect(contexts.find(EU)).toBe(old);
    await until('the new certificate', () => contexts.find(EU) !== old);
    expect(failed).toEqual([EU]);
  });

  it('does not serve an expired certificate', async () => {
    const contexts = contextsOf();
    const old = await contexts.find(EU);
    test.clock.forward(90 * DAY);
    issuer.isBroken = true;
    await expect(contexts.find(EU)).rejects.toThrow('out of order');
    issuer.isBroken = false;
    const fresh = await contexts.find(EU);
    expect(fresh).not.toBe(old);
    expect(contexts.find(EU)).toBe(fresh);
  });

  it('keeps the most recently used contexts, up to its capacity', async () => {
    const contexts = contextsOf({ capacity: 2 });
    const eu = await contexts.find(EU);
    await contexts.find(US);
    expect(contexts.find(EU)).toBe(eu);
    await contexts.find(BASE);
    expect(contexts.find(EU)).toBe(eu);
    expect(contexts.find(US)).toBeInstanceOf(Promise);
    await contexts.find(US);
  });
});
