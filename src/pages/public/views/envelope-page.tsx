import { PassphraseField, PersonField, PressField } from '../../frame/fields.js';
import { useFrame } from '../../frame/frame.js';
import { Button, OwnersText } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

export interface EnvelopePageProps {
  readonly linkKey: string;
  readonly hasPassphrase: boolean;
  readonly nonce: string;
  readonly alert?: string;
  /** After a press that was not tried: asks for the confirmation in the page, and has what was typed. */
  readonly isConfirmationShown?: boolean;
  readonly passphrase?: string | undefined;
}

/** The page of a link: the secret exists, and only the button reveals it. The same for every secret. */
export function EnvelopePage(props: EnvelopePageProps) {
  const { linkKey, hasPassphrase, nonce, alert, isConfirmationShown = false, passphrase } = props;
  const { texts, brand } = useFrame();
  return (
    <Layout title={texts('envelope.title')} alert={alert}>
      <p>{texts('envelope.lead')}</p>
      <OwnersText text={brand.textBeforeReveal} />
      <form method="post" action={`/secret/${linkKey}`} autocomplete="off" data-person>
        <PressField nonce={nonce} />
        {hasPassphrase && <PassphraseField hasFocus value={passphrase} />}
        <PersonField label={texts('envelope.confirm')} isShown={isConfirmationShown} />
        <Button>{texts('envelope.open')}</Button>
      </form>
    </Layout>
  );
}
