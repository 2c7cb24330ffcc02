import type { SessionId, SessionRecord } from '../../../accounts/sessions/session.js';
import { Badge, Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useFrame } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';
import { When } from '../../frame/when.js';

export interface SessionsPageProps {
  readonly sessions: readonly SessionRecord[];
  /** The one that asks. */
  readonly current: SessionId | null;
}

/** The browsers that are signed in, each of which can be ended. */
export function SessionsPage({ sessions, current }: SessionsPageProps) {
  const { texts } = useFrame();
  const columns = [texts('sessions.browser'), texts('sessions.from'), texts('sessions.since'), ''];
  return (
    <Layout title={texts('sessions.title')} isWide>
      <p>{texts('sessions.lead')}</p>
      <Table
        caption={texts('sessions.title')}
        isCaptionHidden
        columns={columns}
        rows={sessions.map(({ id, agent, network, signedInAt }) => ({
          key: id,
          cells: [
            agent ?? texts('sessions.unknown'),
            <bdi>{network}</bdi>,
            <When at={signedInAt} />,
            id === current ? <Badge tone="good">{texts('sessions.this')}</Badge> : <End id={id} />,
          ],
        }))}
      />
      {sessions.length > 1 && (
        <form method="post" action="/account/sessions/end-others">
          <CsrfField />
          <Button kind="danger">{texts('sessions.endOthers')}</Button>
        </form>
      )}
    </Layout>
  );
}

function End({ id }: { readonly id: SessionId }) {
  const { texts } = useFrame();
  return (
    <form method="post" action={`/account/sessions/${id}/end`}>
      <CsrfField />
      <Button kind="second" isSmall>
        {texts('sessions.end')}
      </Button>
    </form>
  );
}
