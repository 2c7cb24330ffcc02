import { Layout } from './layout.js';

/** One page for every kind of gone: the holder of a link does not learn which. */
export function GonePage() {
  return (
    <Layout title="There is no message here">
      <p>
        It may have been opened already, deleted by its sender, or its time is up. Or the link is
        not complete: check that you have all of it.
      </p>
      <p>
        If you have just pressed a button twice, the first press may have opened it, and its answer
        did not reach you.
      </p>
      <p>
        If you did not open it yourself, tell the person who sent it to you, and ask for a new link.
      </p>
    </Layout>
  );
}
