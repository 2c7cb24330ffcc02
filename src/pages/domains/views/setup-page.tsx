import type { SetupView } from '../../../setup/setup-view.js';
import { useTexts } from '../../frame/frame.js';
import { Dated, DomainLayout } from './parts.js';
import { SetupContent } from './setup-content.js';

export interface SetupPageProps {
  readonly view: SetupView;
  /** `/domains/cd…` */
  readonly path: string;
  readonly alert?: string | undefined;
}

/** The set-up of a domain, for its owner. */
export function SetupPage({ view, path, alert }: SetupPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout
      title={view.name}
      alert={alert}
      back={{ href: '/domains', label: texts('domains.back') }}
      isWide
    >
      <SetupContent view={view} path={path}>
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
              <a href={`${path}/remove`}>{texts('remove.open')}</a>
            </li>
          </ul>
        </nav>
      </SetupContent>
    </DomainLayout>
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
