import { NO_POLICY } from '../domains/domain-policy.js';
import type { AccountId } from '../accounts/account.js';
import type { DomainDirectory } from '../domains/serving/domain-directory.js';
import type { DomainsService } from '../domains/domains.service.js';
import { requireHostname } from '../shared/hostname.js';
import { DirectoryShareDomains } from './directory-share-domains.js';

const ann = 'ann' as AccountId;
const POLICY = { ...NO_POLICY, isPassphraseRequired: true };
const bob = 'bob' as AccountId;
const name = requireHostname('secrets.example.com');

/** `holder`: the owner of the serving domain, null: none; `claimants`: the accounts with a claim to the name. */
function given(holder: AccountId | null, ...claimants: AccountId[]): DirectoryShareDomains {
  const directory = { find: async () => holder && { ownerId: holder, policy: POLICY } };
  const domains = { hasClaim: async (account: AccountId) => claimants.includes(account) };
  return new DirectoryShareDomains(
    directory as unknown as DomainDirectory,
    domains as unknown as DomainsService,
  );
}

describe(DirectoryShareDomains.name, () => {
  it.each([
    ['serving', given(ann, ann, bob)],
    ['not_serving', given(null, ann)],
    ['not_serving', given(bob, ann, bob)],
    ['foreign', given(bob, bob)],
    ['foreign', given(null)],
  ] as const)('returns %s for the account', async (state, shareDomains) => {
    await expect(shareDomains.find(ann, name)).resolves.toEqual({
      state,
      policy: state === 'serving' ? POLICY : NO_POLICY,
    });
  });
});
