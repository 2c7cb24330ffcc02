import { PLANS } from '../../accounts/plans.js';
import { DAY_SECONDS } from '../../shared/durations.js';
import { useTexts } from './frame.js';

/** What the plan with custom domains allows, for accounts without it. */
export interface PlanOffer {
  readonly days: number;
  readonly bytes: number;
  /** Null: the operator changes plans. */
  readonly url: string | null;
}

/** @param url where the plan is bought; null: nowhere */
export function planOffer(url: string | null): PlanOffer {
  const { ttlSecondsMax, secretBytesMax } = PLANS.identity_plus;
  return { days: ttlSecondsMax / DAY_SECONDS, bytes: secretBytesMax, url };
}

interface OfferProps {
  readonly offer: PlanOffer;
  /** From a plan before. */
  readonly hasDomains: boolean;
}

/** What the plan with custom domains is, and how to get it. */
export function Offer({ offer: { days, bytes, url }, hasDomains }: OfferProps) {
  const texts = useTexts();
  return (
    <section>
      <h2>{texts('domains.plan.title')}</h2>
      {hasDomains && <p>{texts('domains.plan.lapsed')}</p>}
      <p>{texts('domains.plan.text', { days, bytes })}</p>
      {url === null ? (
        <p class="quiet">{texts('domains.plan.ask')}</p>
      ) : (
        <p>
          <a class="button" href={url} rel="noreferrer">
            {texts('domains.plan.get')}
          </a>
        </p>
      )}
    </section>
  );
}
