import type { Receipt } from '../../secrets/receipt.js';
import { ValueBox } from './fields.js';
import { Layout } from './layout.js';
import { AttemptsLeft, isValueShowable, ShowValue } from './receipt-page.js';

export interface CreatedPageProps {
  readonly receipt: Receipt;
  /** The complete link, for the recipient. */
  readonly link: string;
  /** For the minute after the creation, while this process has it; null otherwise, and for a shared message. */
  readonly generatedValue: string | null;
  /** Of the form that shows the generated value. */
  readonly nonce: string;
}

/** The link to copy, as text: following it would consume the secret. */
export function CreatedPage({ receipt, link, generatedValue, nonce }: CreatedPageProps) {
  const { metadataKey, hasPassphrase } = receipt;
  return (
    <Layout title="Your link is ready">
      <ValueBox id="link" label="Link to send" value={link} />
      <p class="notice">Do not open it yourself: it opens once, for whoever is first.</p>
      {hasPassphrase && <p>The other person needs your passphrase too.</p>}
      <AttemptsLeft receipt={receipt} />
      {generatedValue !== null && (
        <>
          <ValueBox id="value" label="Generated password" value={generatedValue} isShownOnce />
          <p class="quiet">Copy it now if you need it: it is shown for one minute.</p>
        </>
      )}
      {generatedValue === null && isValueShowable(receipt) && (
        <ShowValue metadataKey={metadataKey} nonce={nonce} />
      )}
      <h2>Afterwards</h2>
      <p>
        <a href={`/receipt/${metadataKey}`}>The receipt</a> tells whether the message was opened,
        and can delete it before that. It is yours: do not send it along.
      </p>
      <p>
        <a href="/">Send another message</a>
      </p>
    </Layout>
  );
}
