import type { SetupOutcome } from '../../../domains/domain-setup.js';
import type { SetupStep } from '../../../setup/setup-state.js';
import { useTexts } from '../../frame/frame.js';
import { DomainLayout, useIsolated } from './parts.js';
import { Steps } from './setup-content.js';

export interface ReturnPageProps {
  readonly name: string;
  readonly outcome: SetupOutcome;
  readonly steps: readonly SetupStep[];
  /** `/domains/cd…`, for the claim's owner; others are asked to sign in there. */
  readonly path: string;
}

/** Where a browser lands that comes from the DNS provider: perhaps that of somebody who was talked into it. */
export function ReturnPage({ name, outcome, steps, path }: ReturnPageProps) {
  const texts = useTexts();
  const values = useIsolated()({ name });
  return (
    <DomainLayout title={texts('return.title')} back={null} isWide>
      <p data-outcome={outcome}>
        <strong>{texts(`return.${outcome}`, values)}</strong>
      </p>
      <section>
        <h2>{texts('return.seen')}</h2>
        <Steps steps={steps} />
      </section>
      <p>
        <a class="button" href={path}>
          {texts('return.owner', values)}
        </a>
      </p>
      <p>{texts('return.holder', values)}</p>
      <p class="quiet">{texts('return.object', values)}</p>
    </DomainLayout>
  );
}

/** For every address that is none of ours, or no more. */
export function ReturnGonePage() {
  const texts = useTexts();
  return (
    <DomainLayout title={texts('return.gone.title')} back={null}>
      <p>{texts('return.gone.text')}</p>
    </DomainLayout>
  );
}
