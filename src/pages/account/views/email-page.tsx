import type { EmailChange } from '../../../accounts/email-change/email-change.js';
import { Badge, Button, Notice } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Facts, instant } from './facts.js';

export interface EmailPageProps {
  readonly email: string;
  /** Null: none is pending. */
  readonly change: EmailChange | null;
  /** It was changed just now. */
  readonly isDone?: boolean;
  /** What was typed, when the form is shown again. */
  readonly typed?: string;
  readonly alert?: string;
}

/** Another address for an account: asking for it, and the codes that both addresses got. */
export function EmailPage({ email, change, isDone = false, typed, alert }: EmailPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('email.title')} alert={alert}>
      {change !== null && <Pending email={email} change={change} typed={typed} />}
      {change === null && isDone && <Notice tone="good">{texts('email.done', { email })}</Notice>}
      {change === null && !isDone && <Request email={email} typed={typed} />}
      <p>
        <a href="/account">{texts('more.back')}</a>
      </p>
    </Layout>
  );
}

interface FormProps {
  readonly email: string;
  readonly typed: string | undefined;
}

function Request({ email, typed }: FormProps) {
  const texts = useTexts();
  return (
    <>
      <p>{texts('email.now', { email })}</p>
      <p>{texts('email.lead')}</p>
      <form method="post" action="/account/email">
        <CsrfField />
        <Field
          id="email"
          label={texts('email.new')}
          type="email"
          value={typed}
          autocomplete="email"
          inputmode="email"
          dir="ltr"
          isRequired
          hasFocus
        />
        <Button>{texts('email.send')}</Button>
      </form>
    </>
  );
}

function Pending({ email, change, typed }: FormProps & { readonly change: EmailChange }) {
  const texts = useTexts();
  const { newEmail, oldConfirmedAt, newConfirmedAt, expiresAt } = change;
  return (
    <>
      <p>{texts('email.pending', { old: email, email: newEmail })}</p>
      <Facts
        facts={[
          [texts('email.old'), <Confirmed at={oldConfirmedAt} />],
          [texts('email.new'), <Confirmed at={newConfirmedAt} />],
          [texts('email.until'), instant(expiresAt)],
        ]}
      />
      <form method="post" action="/account/email/confirm">
        <CsrfField />
        <Field
          id="code"
          label={texts('email.code')}
          value={typed}
          autocomplete="one-time-code"
          dir="ltr"
          isRequired
          hasFocus
        />
        <Button>{texts('email.confirm')}</Button>
      </form>
      <form method="post" action="/account/email/cancel">
        <CsrfField />
        <Button kind="second">{texts('email.cancel')}</Button>
      </form>
    </>
  );
}

function Confirmed({ at }: { readonly at: Date | null }) {
  const texts = useTexts();
  if (at === null) return <Badge tone="wait">{texts('email.waiting')}</Badge>;
  return <Badge tone="good">{texts('email.confirmed')}</Badge>;
}
