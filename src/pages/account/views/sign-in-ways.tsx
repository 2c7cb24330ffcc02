import { Badge } from '../../frame/components.js';
import { useTexts } from '../../frame/frame.js';
import type { SecurityFacts } from './security-page.js';

/** By what the owner signs in, in one line of the account's page. */
export function SignInWays({ passwordSetAt, passkeys, factor }: SecurityFacts) {
  const texts = useTexts();
  const hasApp = factor.confirmedAt !== null;
  const ways = [
    ...(passwordSetAt === null ? [] : [texts('account.waysPassword')]),
    texts('account.waysPasskeys', { count: passkeys.length }),
  ];
  return (
    <>
      <dt>{texts('account.ways')}</dt>
      <dd>
        {ways.map((way) => (
          <span key={way}>
            {way}
            <br />
          </span>
        ))}
        {texts('account.waysApp')}{' '}
        {hasApp ? <Badge tone="good">{texts('app.on')}</Badge> : <Badge>{texts('app.off')}</Badge>}
      </dd>
    </>
  );
}
