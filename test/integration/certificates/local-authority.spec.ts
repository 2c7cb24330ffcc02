import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newOrderProgress, type IssueTask } from '../../../src/acme/issue-steps.js';
import { LocalAuthority } from '../../../src/certificates/issuers/local-authority.js';
import { LocalIssuer } from '../../../src/certificates/issuers/local-issuer.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { DAY, HOUR } from '../../../src/shared/durations.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { MovableClock, openTestAuthority, type TestAuthority } from './test-authority.js';

const run = promisify(execFile);
const EU = requireHostname('eu.onetime.example');

describe('LocalAuthority', () => {
  let test: TestAuthority;
  beforeAll(async () => {
    test = await openTestAuthority();
  });
  afterAll(() => test.remove());

  it('issues chains that openssl -x509_strict accepts for the name and for no other', async () => {
    const { chainPem } = await test.authority.issue(EU);
    const leaf = join(test.directory, 'leaf.pem');
    await writeFile(leaf, chainPem);
    const verify = (name: string) =>
      run('openssl', [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        join(test.directory, 'root.pem'),
        '-verify_hostname',
        name,
        leaf,
      ]);
    expect((await verify(EU)).stdout).toContain('OK');
    await expect(verify('us.onetime.example')).rejects.toThrow();
  });

  it.each([-DAY, DAY])(
    'dates what it issues for a region by the clock of the region',
    async (ahead) => {
      const region = new MovableClock();
      region.forward(ahead);
      const order = await new LocalIssuer(test.authority, region).open({
        hostname: EU,
      } as IssueTask);
      const advanced = await order.advance(await newOrderProgress());
      if (advanced.kind !== 'issued') throw new Error(advanced.kind);
      expect(advanced.certificate.notBefore.getTime()).toBeLessThan(region.now().getTime());
      expect(advanced.certificate.notAfter.getTime() - region.now().getTime()).toBeGreaterThan(
        89 * DAY,
      );
    },
  );

  it('issues leaves for one host name and server authentication only', async () => {
    const issued = await test.authority.issue(EU);
    const leaf = new X509Certificate(issued.chainPem);
    expect(leaf.subjectAltName).toBe(`DNS:${EU}`);
    expect(leaf.subject).toBeUndefined();
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(leaf.checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(true);
  });

  it('issues for 90 days, backdated by an hour', async () => {
    const issued = await test.authority.issue(EU);
    const leaf = new X509Certificate(issued.chainPem);
    expect(leaf.validFromDate).toEqual(issued.notBefore);
    expect(leaf.validToDate).toEqual(issued.notAfter);
    const now = test.clock.now().getTime();
    expect(Math.abs(issued.notBefore.getTime() - (now - HOUR))).toBeLessThanOrEqual(1000);
    expect(Math.abs(issued.notAfter.getTime() - (now + 90 * DAY))).toBeLessThanOrEqual(1000);
  });

  it('makes a new key and a new serial number each time', async () => {
    const issued = await Promise.all([test.authority.issue(EU), test.authority.issue(EU)]);
    const [a, b] = issued.map(({ chainPem }) => new X509Certificate(chainPem));
    expect(a?.serialNumber).not.toBe(b?.serialNumber);
    expect(issued[0]?.privateKeyPem).not.toBe(issued[1]?.privateKeyPem);
  });

  it('issues for a name of the maximum length', async () => {
    const longest = requireHostname(`${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61));
    expect(longest).toHaveLength(253);
    const leaf = new X509Certificate((await test.authority.issue(longest)).chainPem);
    expect(leaf.checkHost(longest)).toBe(longest);
  });

  it('has a root that may sign leaves only, with a key file that only its owner can read', async () => {
    const root = new X509Certificate(test.rootPem);
    expect(root.ca).toBe(true);
    expect(root.subject).toBe('CN=Onetime Gateway Local Authority');
    expect(test.rootPem).not.toContain('PRIVATE');
    const { mode } = await stat(join(test.directory, 'root-key.pem'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('keeps its root over a restart and restores a missing root.pem', async () => {
    await rm(join(test.directory, 'root.pem'));
    const again = await LocalAuthority.open(test.directory, test.clock);
    expect(await readFile(join(test.directory, 'root.pem'), 'utf8')).toBe(test.rootPem);
    const leaf = new X509Certificate((await again.issue(EU)).chainPem);
    expect(leaf.verify(new X509Certificate(test.rootPem).publicKey)).toBe(true);
  });

  it('makes one root when several start at once in an empty directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'onetime-ca-'));
    try {
      const open = () => LocalAuthority.open(directory, new SystemClock());
      const authorities = await Promise.all(Array.from({ length: 8 }, open));
      const root = new X509Certificate(await readFile(join(directory, 'root.pem')));
      for (const authority of authorities) {
        const leaf = new X509Certificate((await authority.issue(EU)).chainPem);
        expect(leaf.verify(root.publicKey)).toBe(true);
      }
      expect((await readdir(directory)).toSorted()).toEqual(['root-key.pem', 'root.pem']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('reports a damaged root with its file name and without its key', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'onetime-ca-'));
    try {
      const path = join(directory, 'root-key.pem');
      const damaged = (await readFile(join(test.directory, 'root-key.pem'), 'utf8')).slice(0, 300);
      await writeFile(path, damaged);
      const opening = LocalAuthority.open(directory, new SystemClock());
      await expect(opening).rejects.toThrow(`${path} holds no usable root`);
      expect(await readFile(path, 'utf8')).toBe(damaged);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
