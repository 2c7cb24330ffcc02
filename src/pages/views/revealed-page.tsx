import { ValueBox } from './fields.js';
import { Layout } from './layout.js';

/** The revealed message. */
export function RevealedPage({ value }: { readonly value: string }) {
  return (
    <Layout title="Your secure message">
      <ValueBox id="value" label="Message" value={value} isShownOnce />
      <p class="notice">
        Copy it now if you need it. It is already deleted here, and this page cannot be opened
        again.
      </p>
      <p class="quiet">When you are done, you can close this window.</p>
    </Layout>
  );
}
