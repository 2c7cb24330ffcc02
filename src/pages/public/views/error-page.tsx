import { Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import type { KeptForm } from '../kept-form.js';

export interface ErrorPageProps {
  readonly title: string;
  readonly text: string;
  /** A page of ours from which to try again. */
  readonly back?: { readonly href: string; readonly label: string };
  /** What was sent, to be sent again. */
  readonly kept?: KeptForm | null;
}

export function ErrorPage({ title, text, back, kept = null }: ErrorPageProps) {
  return (
    <Layout title={title}>
      <p>{text}</p>
      {back !== undefined && (
        <p>
          <a href={back.href}>{back.label}</a>
        </p>
      )}
      {kept !== null && <SendAgain form={kept} />}
    </Layout>
  );
}

/** With the token that the session has now. */
function SendAgain({ form: { action, fields } }: { readonly form: KeptForm }) {
  const texts = useTexts();
  return (
    <form method="post" action={action} autocomplete="off">
      <p>{texts('error.kept.text')}</p>
      <CsrfField />
      {fields.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button>{texts('error.kept.send')}</Button>
    </form>
  );
}
