import type { SetupView } from '../../../setup/setup-view.js';
import { Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Dated, DomainLayout, useIsolated } from './parts.js';
import { SetupContent } from './setup-content.js';

/** The other name of an apex and its `www`. */
export interface PairLine {
  readonly name: string;
  /** Null: the account has not claimed it. */
  readonly id: string | null;
  /** Which of the two redirects to the other; null: neither. */
  readonly redirects: 'this' | 'other' | null;
}

export interface SetupPageProps {
  readonly view: SetupView;
  /** Null where the name has none. */
  readonly pair: PairLine | null;
  /** `/domains/cd…` */
  readonly path: string;
  readonly alert?: string | undefined;
}

/** The set-up of a domain, for its owner. */
export function SetupPage({ view, pair, path, alert }: SetupPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout
      title={view.name}
      alert={alert}
      back={{ href: '/domains', label: texts('domains.back') }}
      isWide
    >
      <SetupContent view={view} path={path}>
        {pair !== null && <Pair pair={pair} hostname={view.hostname} />}
        <nav aria-label={texts('brand.pages')}>
          <ul class="tools">
            <li>
              <a href={`${path}/links`}>{texts('links.title')}</a>
            </li>
            <li>
              <a href={`${path}/brand`}>{texts('brand.title')}</a>
            </li>
            <li>
              <a href={`${path}/images`}>{texts('images.title')}</a>
            </li>
            <li>
              <a href={`${path}/policy`}>{texts('policy.title')}</a>
            </li>
            <li>
              <a href={`${path}/transfer`}>{texts('transfer.title')}</a>
            </li>
            <li>
              <a href={`${path}/remove`}>{texts('remove.open')}</a>
            </li>
          </ul>
        </nav>
      </SetupContent>
    </DomainLayout>
  );
}

function Pair({ pair, hostname }: { readonly pair: PairLine; readonly hostname: string }) {
  const texts = useTexts();
  const isolated = useIsolated();
  const { name: other, id, redirects } = pair;
  if (id === null)
    return (
      <form method="post" action="/domains">
        <CsrfField />
        <input type="hidden" name="domain" value={hostname} />
        <input type="hidden" name="pair" value="yes" />
        <Button kind="second">{texts('pair.add', isolated({ other }))}</Button>
      </form>
    );
  if (redirects === null) return null;
  return (
    <p>
      <a href={`/domains/${id}`}>{texts(`pair.${redirects}`, isolated({ other }))}</a>
    </p>
  );
}

export interface VisitPageProps {
  readonly view: SetupView;
  /** `/setup/TOKEN` */
  readonly path: string;
  readonly expiresAt: Date;
  readonly alert?: string | undefined;
}

/** The same for whoever has a link to it: nothing else of the account. */
export function VisitPage({ view, path, expiresAt, alert }: VisitPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout title={view.name} alert={alert} back={null} isWide>
      <p>{texts('visit.lead')}</p>
      <SetupContent view={view} path={path} />
      <p class="quiet">
        <Dated text="visit.until" at={expiresAt} />
      </p>
    </DomainLayout>
  );
}

/** What a link shows that opens nothing: the same for every reason. */
export function VisitGonePage() {
  const texts = useTexts();
  return (
    <DomainLayout title={texts('visit.gone.title')} back={null}>
      <p>{texts('visit.gone.text')}</p>
    </DomainLayout>
  );
}
