import type { AttemptPage, AttemptRecord } from '../../../webhooks/delivery-log.js';
import { Badge } from '../../frame/components.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Table } from '../../frame/table.js';
import { When } from '../../frame/when.js';
import { Paging } from './paging.js';

interface WebhookLogProps extends AttemptPage {
  readonly path: string;
  readonly isFirst: boolean;
}

/** Each attempt to send an event, and how it was answered. */
export function WebhookLog({ attempts, nextCursor, path, isFirst }: WebhookLogProps) {
  const { language, texts } = useFrame();
  const took = new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' });
  const columns = (['at', 'event', 'attempt', 'answer', 'took'] as const).map((name) =>
    texts(`webhooks.log.${name}`),
  );
  return (
    <>
      <h2>{texts('webhooks.log')}</h2>
      {attempts.length === 0 && isFirst && <p>{texts('webhooks.log.none')}</p>}
      {attempts.length > 0 && (
        <Table
          caption={texts('webhooks.log')}
          isCaptionHidden
          columns={columns}
          rows={attempts.map((attempt) => ({
            key: attempt.id,
            cells: [
              <When at={attempt.at} />,
              <bdi dir="ltr">{attempt.type}</bdi>,
              attempt.attempt,
              <Answer attempt={attempt} />,
              took.format(attempt.durationMs),
            ],
          }))}
        />
      )}
      <Paging
        path={path}
        older={texts('webhooks.log.older')}
        newest={texts('webhooks.log.newest')}
        isFirst={isFirst}
        nextCursor={nextCursor}
      />
    </>
  );
}

function Answer({ attempt: { status, failure } }: { readonly attempt: AttemptRecord }) {
  const texts = useTexts();
  if (failure !== null) return <Badge tone="bad">{texts(`webhooks.failure.${failure}`)}</Badge>;
  const isTaken = status !== null && status >= 200 && status < 300;
  return <Badge tone={isTaken ? 'good' : 'bad'}>{String(status)}</Badge>;
}
