import type { ComponentChildren } from 'preact';
import { directionOf } from '../../../shared/language.js';
import type { SetupState } from '../../../setup/setup-state.js';
import { Badge } from '../../frame/components.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { When } from '../../frame/when.js';
import type { MessageKey } from '../../messages/catalogues.js';

/** Preact types the attribute as boolean and omits `false`. */
export const NOT_TRANSLATED = { translate: 'no' } as unknown as { readonly translate: boolean };

type Tone = 'good' | 'wait' | 'bad';

/** None: it goes on by itself. */
const TONES: Readonly<Record<SetupState, Tone | undefined>> = {
  serving: 'good',
  prepared: 'good',
  certificate: undefined,
  unchecked: undefined,
  waiting: undefined,
  records: 'wait',
  attention: 'wait',
  conflict: 'bad',
  blocked: 'bad',
  plan: 'bad',
  ended: 'bad',
};

/** Where a domain is, in two words. */
export function StateBadge({ state }: { readonly state: SetupState }) {
  const texts = useTexts();
  const tone = TONES[state];
  return <Badge {...(tone === undefined ? {} : { tone })}>{texts(`domains.state.${state}`)}</Badge>;
}

interface DomainLayoutProps {
  readonly title: string;
  readonly alert?: string | undefined;
  /** The page above; null: none. */
  readonly back: { readonly href: string; readonly label: string } | null;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

/** Of all pages of domains. Their addresses are repeated nowhere in them. */
export function DomainLayout({ title, alert, back, isWide = false, children }: DomainLayoutProps) {
  return (
    <Layout title={title} alert={alert} isWide={isWide} isUniform isLive>
      {back !== null && (
        <p>
          <a href={back.href}>
            <bdi>{back.label}</bdi>
          </a>
        </p>
      )}
      {children}
    </Layout>
  );
}

/** A name or a value of the DNS, which a button of the script copies. @param copy the button's words */
export function Copyable({ text, copy }: { readonly text: string; readonly copy?: string }) {
  return (
    <code dir="ltr" data-copy={copy} {...NOT_TRANSLATED}>
      {text}
    </code>
  );
}

// Stands for a part of a message that is an element.
const PLACE = '\uE000';

interface DatedProps {
  /** A text with `{date}`. */
  readonly text: MessageKey;
  readonly at: Date;
}

/** A text with an instant: in UTC, and by the script in the reader's zone. */
export function Dated({ text, at }: DatedProps) {
  const [before = '', after = ''] = useTexts()(text, { date: PLACE }).split(PLACE);
  return (
    <>
      {before}
      <When at={at} />
      {after}
    </>
  );
}

/** The values of a text about DNS records. In a text from right to left, each keeps its own direction. */
export function useIsolated(): (values: object) => Readonly<Record<string, string>> {
  const { language } = useFrame();
  const isolate = (text: string): string =>
    directionOf(language) === 'rtl' && text !== '' ? `\u2068${text}\u2069` : text;
  return (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isolate(String(value))]),
    );
}
