import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly kind?: 'first' | 'second' | 'danger';
  /** In a row of a table, or beside a text. */
  readonly isSmall?: boolean;
  readonly name?: string;
  readonly value?: string;
  /** Sends the form without the browser's checks of its fields. */
  readonly skipsValidation?: boolean;
  readonly children: ComponentChildren;
}

/** Sends the form that it is in. */
export function Button(props: ButtonProps) {
  const { kind = 'first', isSmall = false, name, value, skipsValidation, children } = props;
  const classes = [kind === 'first' ? '' : kind, isSmall ? 'small' : ''].filter(Boolean).join(' ');
  return (
    <button class={classes || undefined} name={name} value={value} formnovalidate={skipsValidation}>
      {children}
    </button>
  );
}

type Tone = 'good' | 'bad' | 'wait';

interface NoticeProps {
  /** `wait`, the default, is a warning. */
  readonly tone?: Tone;
  readonly children: ComponentChildren;
}

/** What the reader must not miss. */
export function Notice({ tone = 'wait', children }: NoticeProps) {
  return <p class={tone === 'wait' ? 'notice' : `notice ${tone}`}>{children}</p>;
}

/** A Notice that a screen reader reads at once: the page came because of it. */
export function Alert({ tone = 'wait', children }: NoticeProps) {
  return (
    <p class={tone === 'wait' ? 'notice' : `notice ${tone}`} role="alert">
      {children}
    </p>
  );
}

/** A state in one or two words, which say it without the colour. */
export function Badge({ tone, children }: { readonly tone?: Tone; readonly children: string }) {
  return <span class={tone === undefined ? 'badge' : `badge ${tone}`}>{children}</span>;
}

interface DisclosureProps {
  readonly summary: string;
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}

/** What few readers need; works without a script. */
export function Disclosure({ summary, isOpen = false, children }: DisclosureProps) {
  return (
    <details open={isOpen}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

interface ConfirmFormProps {
  readonly action: string;
  /** What opens the question. */
  readonly summary: string;
  /** The question, and what cannot be undone. */
  readonly question: string;
  /** On the button that does it. */
  readonly confirm: string;
  /** When the form is shown again. */
  readonly isOpen?: boolean;
  /** It has a PersonField. */
  readonly isByPerson?: boolean;
  /** The nonce or token of the form, and its fields. */
  readonly children?: ComponentChildren;
}

/** A form that asks first: the button that does it is behind another press. */
export function ConfirmForm(props: ConfirmFormProps) {
  const { action, summary, question, confirm, isOpen = false, children } = props;
  const { isByPerson = false } = props;
  return (
    <Disclosure summary={summary} isOpen={isOpen}>
      <form method="post" action={action} autocomplete="off" data-person={isByPerson || undefined}>
        <p>{question}</p>
        {children}
        <Button kind="danger">{confirm}</Button>
      </form>
    </Disclosure>
  );
}

/** What the owner of the brand says, in his language and lines; null: nothing. */
export function OwnersText({ text }: { readonly text: string | null }) {
  return (
    text !== null && (
      <p class="owners" dir="auto">
        {text}
      </p>
    )
  );
}
