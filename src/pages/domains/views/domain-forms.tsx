import type { SetupLink } from '../../../domains/setup-link.js';
import { Button, Notice } from '../../frame/components.js';
import { CopyBox } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { CsrfField } from '../../frame/fields.js';
import { Dated, DomainLayout, useIsolated } from './parts.js';

export interface LinksPageProps {
  readonly name: string;
  /** `/domains/cd…` */
  readonly path: string;
  readonly links: readonly SetupLink[];
  /** The address of the one that was just made. */
  readonly made?: string | undefined;
  readonly alert?: string | undefined;
}

/** The links that show the set-up of a domain to the administrator of its DNS. */
export function LinksPage({ name, path, links, made, alert }: LinksPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout title={texts('links.title')} alert={alert} back={{ href: path, label: name }}>
      <p>{texts('links.lead')}</p>
      {made !== undefined && (
        <>
          <Notice tone="good">{texts('links.made')}</Notice>
          <CopyBox id="link" label={texts('links.url')} value={made} />
        </>
      )}
      {links.length > 0 && (
        <ul class="lines">
          {links.map(({ id, expiresAt }) => (
            <LinkLine key={id} action={`${path}/links/${id}/revoke`} at={expiresAt} />
          ))}
        </ul>
      )}
      <form method="post" action={`${path}/links`}>
        <CsrfField />
        <Button kind={made === undefined ? 'first' : 'second'}>{texts('links.make')}</Button>
      </form>
    </DomainLayout>
  );
}

interface LinkLineProps {
  readonly action: string;
  readonly at: Date;
}

function LinkLine({ action, at }: LinkLineProps) {
  const texts = useTexts();
  const { language } = useFrame();
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return (
    <li class="row">
      <span>
        <Dated text="links.expires" at={at} />
      </span>
      <form method="post" action={action}>
        <CsrfField />
        <button class="second small" aria-label={texts('links.revokeOf', { date })}>
          {texts('links.revoke')}
        </button>
      </form>
    </li>
  );
}

export interface RemovePageProps {
  readonly name: string;
  readonly hostname: string;
  /** On which the links of the removed domain open. */
  readonly regionHost: string;
  readonly path: string;
  readonly alert?: string | undefined;
}

/** Asks before a domain is removed, and says what goes with it. */
export function RemovePage({ name, hostname, regionHost, path, alert }: RemovePageProps) {
  const texts = useTexts();
  const isolated = useIsolated();
  const values = isolated({ name, host: regionHost });
  return (
    <DomainLayout
      title={texts('remove.title', values)}
      alert={alert}
      back={{ href: path, label: name }}
    >
      <p>{texts('remove.lead')}</p>
      <ul>
        <li>{texts('remove.stops', values)}</li>
        <li>{texts('remove.certificate')}</li>
        <li>{texts('remove.settings')}</li>
        <li>{texts('remove.secrets', values)}</li>
        <li>{texts('remove.records')}</li>
      </ul>
      <form method="post" action={`${path}/remove`}>
        <CsrfField />
        <label for="name">{texts('remove.confirm', isolated({ name: hostname }))}</label>
        <input
          id="name"
          name="name"
          dir="ltr"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          required
        />
        <Button kind="danger">{texts('remove.submit')}</Button>
      </form>
      <p>
        <a href={path}>{texts('remove.keep')}</a>
      </p>
    </DomainLayout>
  );
}
