import { Layout } from './layout.js';

/** Replaces the form on a customer's domain that restricts it to the owner. It contains no names. */
export function PrivatePage({ alert }: { readonly alert?: string }) {
  return (
    <Layout title="For private use" alert={alert}>
      <p>New messages are not written here. If somebody sent you a link, it opens as always.</p>
    </Layout>
  );
}
