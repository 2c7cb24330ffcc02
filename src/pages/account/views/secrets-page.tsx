import type { OwnReceipt } from '../../../secrets/own-receipts.js';
import type { ReceiptState } from '../../../secrets/receipt.js';
import { Badge } from '../../frame/components.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';
import { When } from '../../frame/when.js';
import type { MessageKeyOf } from '../../messages/messages.js';
import { Paging } from './paging.js';

export interface SecretsPageProps {
  readonly receipts: readonly OwnReceipt[];
  readonly isFirst: boolean;
  readonly nextCursor: string | null;
}

/** What became of the secrets of an account: no key, no link. */
export function SecretsPage({ receipts, isFirst, nextCursor }: SecretsPageProps) {
  const texts = useTexts();
  const columns = (['sent', 'state', 'about', 'until'] as const).map((name) =>
    texts(`secrets.${name}`),
  );
  return (
    <Layout title={texts('secrets.title')} isWide>
      <p>{texts('secrets.lead')}</p>
      {receipts.length === 0 && isFirst && <p>{texts('secrets.none')}</p>}
      {receipts.length > 0 && (
        <Table
          caption={texts('secrets.title')}
          isCaptionHidden
          columns={columns}
          rows={receipts.map((receipt) => ({
            key: receipt.id,
            cells: [
              <a href={`/account/secrets/${receipt.id}`}>
                <When at={receipt.createdAt} />
              </a>,
              <SecretBadge state={receipt.state} />,
              <About receipt={receipt} />,
              <When at={endOf(receipt)} />,
            ],
          }))}
        />
      )}
      <Paging
        path="/account/secrets"
        older={texts('secrets.older')}
        newest={texts('secrets.newest')}
        isFirst={isFirst}
        nextCursor={nextCursor}
      />
      <p>
        <a class="button" href="/">
          {texts('secrets.send')}
        </a>
      </p>
    </Layout>
  );
}

const STATES = {
  new: ['secrets.is.waiting', 'wait'],
  viewed: ['secrets.is.waiting', 'wait'],
  received: ['secrets.is.received', 'good'],
  burned: ['secrets.is.burned', undefined],
  expired: ['secrets.is.expired', undefined],
  orphaned: ['secrets.is.orphaned', 'bad'],
} as const satisfies Record<ReceiptState, readonly [MessageKeyOf<'secrets.is'>, unknown]>;

export function SecretBadge({ state }: Pick<OwnReceipt, 'state'>) {
  const texts = useTexts();
  const [key, tone] = STATES[state];
  return <Badge {...(tone === undefined ? {} : { tone })}>{texts(key)}</Badge>;
}

/** By what its sender tells it from others. */
function About({ receipt: { recipients, memo, domain } }: { readonly receipt: OwnReceipt }) {
  const lines = [recipients.join(', '), memo ?? '', domain ?? ''].filter((line) => line !== '');
  if (lines.length === 0) return <>–</>;
  return (
    <>
      {lines.map((line) => (
        <div key={line}>
          <bdi>{line}</bdi>
        </div>
      ))}
    </>
  );
}

/** When it was opened or deleted, or will be. */
function endOf({ receivedAt, burnedAt, secretExpiresAt }: OwnReceipt): Date {
  return receivedAt ?? burnedAt ?? secretExpiresAt;
}
