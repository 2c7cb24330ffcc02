import { ValueBox } from './fields.js';
import { Layout } from './layout.js';

export interface PrivatePageProps {
  readonly alert?: string;
  /** A message that was refused here. */
  readonly typed?: string;
}

/** Replaces the form on a customer's domain that restricts it to the owner. It contains no names. */
export function PrivatePage({ alert, typed = '' }: PrivatePageProps) {
  return (
    <Layout title="For private use" alert={alert}>
      {typed !== '' && <ValueBox id="typed" label="What you wrote, to copy" value={typed} />}
      <p>New messages are not written here. If somebody sent you a link, it opens as always.</p>
    </Layout>
  );
}
