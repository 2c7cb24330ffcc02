import type { PlanLimits } from '../../../accounts/plans.js';
import type { SettledAccount } from '../../../accounts/settings/account-settings.js';
import type { UnreadCount } from '../../../secrets/receipt.store.js';
import { DAY_SECONDS } from '../../../shared/durations.js';
import { Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Offer, type PlanOffer } from '../../frame/plan-offer.js';
import { When } from '../../frame/when.js';
import { Facts } from './facts.js';
import { MailSettings } from './mail-settings.js';
import type { SecurityFacts } from './security-page.js';
import { SignInWays } from './sign-in-ways.js';

export interface AccountUse {
  readonly domains: number;
  readonly tokens: number;
  readonly tokensMax: number;
  readonly unread: UnreadCount;
}

export interface AccountPageProps {
  readonly account: SettledAccount;
  readonly use: AccountUse;
  readonly limits: PlanLimits;
  /** Null: the plan has custom domains. */
  readonly offer: PlanOffer | null;
  readonly security: SecurityFacts;
}

/** What an account is, what of it is used, and what can be done with it as a whole. */
export function AccountPage({ account, use, limits, offer, security }: AccountPageProps) {
  const texts = useTexts();
  const { email, plan, createdAt } = account;
  return (
    <Layout title={texts('account.title')}>
      <dl>
        <dt>{texts('account.address')}</dt>
        <dd>
          <bdi>{email}</bdi>
        </dd>
        <dt>{texts('account.plan')}</dt>
        {/* The name of the plan is the same in every language. */}
        <dd>{plan === 'identity_plus' ? 'Identity Plus' : texts('account.basic')}</dd>
        <dt>{texts('use.since')}</dt>
        <dd>
          <When at={createdAt} />
        </dd>
        <SignInWays {...security} />
      </dl>
      <h2>{texts('use.title')}</h2>
      <Use use={use} limits={limits} />
      <p>
        <a href="/">{texts('account.toCreate')}</a>
      </p>
      {offer !== null && <Offer offer={offer} hasDomains={use.domains > 0} />}
      <MailSettings account={account} />
      <Whole />
    </Layout>
  );
}

/** Numbers, beside what the plan allows. */
function Use({ use, limits }: Pick<AccountPageProps, 'use' | 'limits'>) {
  const { language, texts } = useFrame();
  const numbers = new Intl.NumberFormat(language);
  const { unread, domains, tokens, tokensMax } = use;
  const { domainsMax, ttlSecondsMax, secretBytesMax } = limits;
  const { count } = unread;
  return (
    <Facts
      facts={[
        [
          texts('use.unread'),
          unread.isMinimum ? texts('use.unreadMore', { count }) : numbers.format(count),
        ],
        [
          texts('use.domains'),
          domainsMax === 0 && domains === 0
            ? texts('use.noDomains')
            : texts('account.domainsOf', { count: domains, max: domainsMax }),
        ],
        [texts('use.tokens'), texts('account.domainsOf', { count: tokens, max: tokensMax })],
        [texts('use.lifetime'), texts('use.days', { count: ttlSecondsMax / DAY_SECONDS })],
        [texts('use.size'), texts('use.bytes', { count: secretBytesMax })],
      ]}
    />
  );
}

/** What is done with the account as a whole. */
function Whole() {
  const texts = useTexts();
  return (
    <>
      <h2>{texts('more.title')}</h2>
      <ul>
        {(['email', 'export', 'close'] as const).map((page) => (
          <li key={page}>
            <a href={`/account/${page}`}>{texts(`more.${page}`)}</a>
          </li>
        ))}
      </ul>
      <form method="post" action="/sign-out">
        <CsrfField />
        <Button kind="second">{texts('account.signOut')}</Button>
      </form>
    </>
  );
}
