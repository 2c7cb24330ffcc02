import { PassphraseField, PressField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Button } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

export interface EnvelopePageProps {
  readonly linkKey: string;
  readonly hasPassphrase: boolean;
  readonly nonce: string;
  readonly alert?: string;
}

/** The page of a link: the secret exists, and only the button reveals it. The same for every secret. */
export function EnvelopePage({ linkKey, hasPassphrase, nonce, alert }: EnvelopePageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('envelope.title')} alert={alert}>
      <p>{texts('envelope.lead')}</p>
      <form method="post" action={`/secret/${linkKey}`} autocomplete="off">
        <PressField nonce={nonce} />
        {hasPassphrase && <PassphraseField hasFocus />}
        <Button>{texts('envelope.open')}</Button>
      </form>
    </Layout>
  );
}
