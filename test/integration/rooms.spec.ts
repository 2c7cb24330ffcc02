import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A file, what it imports, and whether the linter allows it. Nothing else is in the project. */
type Import = readonly [file: string, specifier: string];

const FORBIDDEN: readonly Import[] = [
  // Against the ranks of the rooms.
  ['src/dns/dns-resolver.ts', '../domains/domain-facts.js'],
  ['src/dns/dns-resolver.ts', '../acme/polling.js'],
  ['src/acme/polling.ts', '../certificates/certificate-state.js'],
  ['src/acme/polling.ts', '../dns/dns-answer.js'],
  ['src/limits/rate-limits.ts', '../accounts/account.js'],
  ['src/limits/rate-limits.ts', '../dns/dns-answer.js'],
  ['src/shared/clock.ts', '../config/region.js'],
  ['src/domains/probe/http-probe.ts', '../../certificates/certificate-state.js'],
  ['src/secrets/receipt.ts', '../api/v1/link-key.js'],
  // Against the order inside the domains room: words, serving, probe, diagnosis, claims, checks.
  ['src/domains/domain.ts', './claims/claim-labels.js'],
  ['src/domains/domain-facts.ts', './domains.service.js'],
  ['src/domains/serving/served-domain.ts', '../probe/http-probe.js'],
  ['src/domains/probe/http-probe.ts', '../diagnosis/diagnose.js'],
  ['src/domains/diagnosis/diagnose.ts', '../claims/claim-facts.js'],
  ['src/domains/claims/domain-transitions.ts', '../checks/check-leases.js'],
  ['src/domains/checks/domain-check.job.ts', '../domains.service.js'],
  // Against the order inside the certificates room: words, issuers, ca, stores, contexts, uploads, orders, issuance.
  ['src/certificates/certificate-view.ts', './stores/certificate.store.js'],
  ['src/certificates/issuance.ts', './certificates.service.js'],
  ['src/certificates/issuers/acme-issuer.ts', '../ca/ca-ledger.js'],
  ['src/certificates/ca/ca-holds.ts', '../orders/failure-policy.js'],
  ['src/certificates/stores/issuance.store.ts', '../contexts/stored-contexts.js'],
  ['src/certificates/contexts/stored-contexts.ts', '../orders/promoter.js'],
  ['src/certificates/uploads/certificate-uploads.ts', '../orders/promoter.js'],
  ['src/certificates/orders/promoter.ts', '../issuance/issuance-runner.js'],
  ['src/certificates/issuance/issuance.job.ts', '../certificates.module.js'],
  // Against the order inside the pages room: messages, frame, public.
  ['src/pages/messages/messages.ts', '../frame/frame.js'],
  ['src/pages/frame/layout.tsx', '../public/create-form.js'],
  ['src/pages/public/page-error.ts', '../pages.module.js'],
];

const ALLOWED: readonly Import[] = [
  ['src/dns/dns-records-file.ts', '../config/region.js'],
  ['src/domains/domains.service.ts', './checks/claim-checker.js'],
  ['src/domains/checks/domain-observer.ts', '../claims/claim-facts.js'],
  ['src/domains/checks/domain-observer.ts', '../../dns/dns-resolver.js'],
  ['src/domains/diagnosis/diagnose.ts', '../domain-facts.js'],
  ['src/certificates/gates.ts', '../acme/authorize-order.js'],
  ['src/certificates/ca/ca-headroom.ts', '../issuers/issuer.js'],
  ['src/certificates/issuance/issuance-runner.ts', '../orders/issue-permit.js'],
  ['src/certificates/orders/promoter.ts', '../renewal-schedule.js'],
  ['src/certificates/certificates.service.ts', './uploads/certificate-uploads.js'],
  ['src/pages/public/views/gone-page.tsx', '../../frame/layout.js'],
  ['src/cli/main.ts', '../region/cell.js'],
];

describe('the order of the rooms, as the linter holds it', () => {
  const project = mkdtempSync(join(tmpdir(), 'rooms-'));

  beforeAll(() => {
    for (const shared of ['oxlint.config.ts', 'node_modules'])
      symlinkSync(resolve(shared), join(project, shared));
  });

  afterAll(() => rmSync(project, { recursive: true }));

  /** What the linter says of a project that consists of this one file. */
  function lint([file, specifier]: Import, name = 'thing'): string {
    const path = join(project, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `import { ${name} } from '${specifier}';\n\nexport const used = ${name};\n`,
    );
    try {
      const command = resolve('node_modules/.bin/oxlint');
      const { stdout, status } = spawnSync(command, [file], { cwd: project, encoding: 'utf8' });
      expect(stdout).toContain('Found 0 warnings');
      expect(status).toBe(stdout.includes('and 0 errors') ? 0 : 1);
      return stdout;
    } finally {
      rmSync(path);
    }
  }

  it.each(FORBIDDEN)('%s may not import %s', (file, specifier) => {
    expect(lint([file, specifier])).toMatch(/Imports point up/);
  });

  it("no room may import Nest's Logger, which is the process's", () => {
    const files = ['src/secrets/secrets.service.ts', 'src/domains/checks/domain-check.job.ts'];
    for (const file of files) {
      expect(lint([file, '@nestjs/common'], 'Logger')).toMatch(/loggerFor/);
      expect(lint([file, '@nestjs/common'], 'Injectable')).toContain('and 0 errors');
    }
  });

  it.each(ALLOWED)('%s may import %s', (file, specifier) => {
    expect(lint([file, specifier])).toContain('Found 0 warnings and 0 errors');
  });
});

it('the README’s map has every room', () => {
  const map = readFileSync('README.md', 'utf8').split('## A map of the rooms')[1] ?? '';
  const named = [...map.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, names = '']) =>
    names.split(', ').map((name) => name.replaceAll('`', '')),
  );
  const rooms = readdirSync('src', { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(named.toSorted()).toEqual(rooms.map(({ name }) => name).toSorted());
});
