import { Layout } from './layout.js';

/** In place of the form, on a customer's domain that does not offer it to everybody. It names nobody. */
export function PrivatePage({ alert }: { readonly alert?: string }) {
  return (
    <Layout title="For private use" alert={alert}>
      <p>New messages are not written here. If somebody sent you a link, it opens as always.</p>
    </Layout>
  );
}
