import { ValueBox } from './fields.js';
import { Layout } from './layout.js';

export interface CreatedPageProps {
  /** The complete link, for the recipient. */
  readonly link: string;
  readonly metadataKey: string;
  /** Null unless the value was generated: then the sender has not seen it yet. */
  readonly generatedValue: string | null;
  readonly hasPassphrase: boolean;
}

/** The link to copy, as text: following it would consume the secret. */
export function CreatedPage(props: CreatedPageProps) {
  const { link, metadataKey, generatedValue, hasPassphrase } = props;
  return (
    <Layout title="Your link is ready">
      <ValueBox id="link" label="Link to send" value={link} />
      <p class="notice">Do not open it yourself: it opens once, for whoever is first.</p>
      {hasPassphrase && <p>The other person needs your passphrase too.</p>}
      {generatedValue !== null && (
        <>
          <ValueBox id="value" label="Generated password" value={generatedValue} />
          <p class="quiet">Copy it now if you need it: it is not kept for you.</p>
        </>
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
