import { ISSUE_CATALOGUE } from '../../../src/domains/diagnosis/issue-catalogue.js';
import type { IssueCode } from '../../../src/domains/diagnosis/issue-code.js';
import type { Diagnosis, Issue } from '../../../src/domains/diagnosis/diagnosis.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { CAUSES } from './issue-causes.js';
import { IssueScene } from './issue-scene.js';

type Caused = keyof typeof CAUSES;

/** Codes that the same cause has beside the one of its name. */
const COMPANIONS: Partial<Record<Caused, readonly IssueCode[]>> = {
  DNS_DISAGREEMENT: ['PROOF_SPREADING'],
  PROOF_SPREADING: ['DNS_DISAGREEMENT'],
  DELEGATED_ZONE: ['TXT_MISSING', 'NO_RECORDS'],
  // The name has the CNAME record of the other claim.
  CONFLICT_OTHER_CLAIM: ['CNAME_OTHER_TARGET'],
  OWNERSHIP_PROOF_GONE: ['NO_RECORDS'],
  OWNERSHIP_LAPSED: ['NO_RECORDS'],
  TXT_ON_PROXIED_NAME: ['PROXY_CLOUDFLARE'],
  // Nobody listens on IPv6.
  A_MISSING: ['PORT80_REFUSED'],
  WILDCARD_SHADOW: ['TXT_MISSING'],
  PROXY_OTHER: ['CHALLENGE_HTML'],
  CAA_BINDABLE: ['ADDRESS_INSTEAD_OF_CNAME'],
  SETUP_REPLACES_RECORDS: ['A_ELSEWHERE'],
  SETUP_NOT_APPLIED: ['NO_RECORDS'],
  SETUP_CANCELLED: ['NO_RECORDS'],
  SETUP_REJECTED: ['NO_RECORDS'],
  SETUP_KEY_UNPUBLISHED: ['NO_RECORDS'],
};

let database: TestDatabase;
let authority: TestAuthority;

beforeAll(async () => {
  database = await openTestDatabase();
  authority = await openTestAuthority();
});
afterAll(async () => {
  await database.close();
  await authority.remove();
});

async function diagnosisOf(code: Caused): Promise<Diagnosis> {
  const scene = await IssueScene.open({ database, authority });
  try {
    return await CAUSES[code](scene);
  } finally {
    await scene.close();
  }
}

describe('every issue code', () => {
  const codes = Object.keys(ISSUE_CATALOGUE) as IssueCode[];

  it('has a cause here, or is of a certificate', () => {
    const without = codes.filter((code) => !(code in CAUSES));
    expect(without.filter((code) => ISSUE_CATALOGUE[code].axis !== 'certificate')).toEqual([]);
  });

  it.each(Object.keys(CAUSES) as Caused[])('%s comes out of its real cause', async (code) => {
    const { issues, records } = await diagnosisOf(code);
    const found = issues.map((each) => each.code);
    expect(found.toSorted()).toEqual([code, ...(COMPANIONS[code] ?? [])].toSorted());
    for (const { fix } of issues) {
      if (fix.recordRef !== null) expect(records[fix.recordRef]).toBeDefined();
    }
    const { title, detail, fix } = issues.find((each) => each.code === code) as Issue;
    expect([title, detail]).not.toContain('');
    // The customer is told which record, by its name in the panel or in full, and of which type.
    expect(fix.summary).toMatch(/\.$/);
    expect(fix.summary).toMatch(
      /(^|\W)(secrets|@|_onetime-challenge-\w+|\*\.eu\.\S+|customer-\S+)(\W|$)/,
    );
    if (ISSUE_CATALOGUE[code].owner === 'customer')
      expect(fix.summary).toMatch(/\b(A|AAAA|CNAME|TXT|CAA|NS|DS)\b|TTL/);
  });
});
