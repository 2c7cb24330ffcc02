import { PassphraseField } from './fields.js';
import { Layout } from './layout.js';

export interface EnvelopePageProps {
  readonly linkKey: string;
  readonly hasPassphrase: boolean;
  readonly alert?: string;
}

/** What a link leads to: the message is there, and only the button opens it. The same for every message. */
export function EnvelopePage({ linkKey, hasPassphrase, alert }: EnvelopePageProps) {
  return (
    <Layout title="You have a secure message" alert={alert}>
      <p>It can be opened once. Then it is deleted, so open it where you can read it or copy it.</p>
      <form method="post" action={`/secret/${linkKey}`} autocomplete="off">
        {hasPassphrase && <PassphraseField autofocus />}
        <button>Open the message</button>
      </form>
    </Layout>
  );
}
