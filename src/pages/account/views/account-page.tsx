import type { AccountPlan } from '../../../accounts/plans.js';
import { Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import type { SecurityFacts } from './security-page.js';
import { SignInWays } from './sign-in-ways.js';

export interface AccountPageProps {
  readonly email: string;
  readonly plan: AccountPlan;
  readonly domainCount: number;
  readonly domainsMax: number;
  readonly security: SecurityFacts;
}

/** What an account is, and the way to what it has. */
export function AccountPage(props: AccountPageProps) {
  const { email, plan, domainCount, domainsMax, security } = props;
  const texts = useTexts();
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
        <dt>{texts('account.domainCount')}</dt>
        <dd>{texts('account.domainsOf', { count: domainCount, max: domainsMax })}</dd>
        <SignInWays {...security} />
      </dl>
      <p>
        <a href="/">{texts('account.toCreate')}</a>
      </p>
      <form method="post" action="/sign-out">
        <CsrfField />
        <Button kind="second">{texts('account.signOut')}</Button>
      </form>
    </Layout>
  );
}
