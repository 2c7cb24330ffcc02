import { PassphraseField, PressField } from './fields.js';
import { Layout } from './layout.js';

export interface EnvelopePageProps {
  readonly linkKey: string;
  readonly hasPassphrase: boolean;
  readonly nonce: string;
  readonly alert?: string;
}

/** The page of a link: the secret exists, and only the button reveals it. The same for every secret. */
export function EnvelopePage({ linkKey, hasPassphrase, nonce, alert }: EnvelopePageProps) {
  return (
    <Layout title="You have a secure message" alert={alert}>
      <p>It can be opened once. Then it is deleted, so open it where you can read it or copy it.</p>
      <form method="post" action={`/secret/${linkKey}`} autocomplete="off">
        <PressField nonce={nonce} />
        {hasPassphrase && <PassphraseField autofocus />}
        <button>Open the message</button>
      </form>
    </Layout>
  );
}
