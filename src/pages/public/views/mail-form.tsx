import { Button, Disclosure } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';

export interface MailFormProps {
  readonly action: string;
  /** What was typed. */
  readonly to: string;
  readonly isOpen: boolean;
}

/** Has the link mailed to one address. */
export function MailForm({ action, to, isOpen }: MailFormProps) {
  const texts = useTexts();
  return (
    <Disclosure summary={texts('created.mail')} isOpen={isOpen}>
      <form method="post" action={action}>
        <CsrfField />
        <Field
          id="recipient"
          label={texts('created.mailTo')}
          type="email"
          value={to}
          hint={texts('created.mailHint')}
          isRequired
        />
        <Button kind="second">{texts('created.mail')}</Button>
      </form>
    </Disclosure>
  );
}
