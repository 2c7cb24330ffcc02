import { WEBHOOK_EVENTS, type Webhook } from '../../../webhooks/webhook.js';
import { Button } from '../../frame/components.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';
import type { TypedWebhook } from '../webhook-form.js';
import { WebhookBadge, WebhookFields } from './webhook-fields.js';

export interface WebhooksPageProps {
  readonly webhooks: readonly Webhook[];
  /** What was typed, when the form is shown again. */
  readonly typed?: TypedWebhook | undefined;
  readonly alert?: string | undefined;
}

const EMPTY: TypedWebhook = { name: '', url: '', events: WEBHOOK_EVENTS };

/** The webhooks of an account, without their secrets, and making one. */
export function WebhooksPage({ webhooks, typed = EMPTY, alert }: WebhooksPageProps) {
  const texts = useTexts();
  const columns = [texts('webhooks.name'), texts('webhooks.url'), texts('webhooks.state')];
  return (
    <Layout title={texts('webhooks.title')} alert={alert} isWide>
      <p>{texts('webhooks.lead')}</p>
      {webhooks.length === 0 && <p>{texts('webhooks.none')}</p>}
      {webhooks.length > 0 && (
        <Table
          caption={texts('webhooks.title')}
          isCaptionHidden
          columns={columns}
          rows={webhooks.map((webhook) => ({
            key: webhook.id,
            cells: [
              <a href={`/account/webhooks/${webhook.id}`}>
                <bdi>{webhook.name}</bdi>
              </a>,
              <bdi dir="ltr">{webhook.url}</bdi>,
              <WebhookBadge webhook={webhook} />,
            ],
          }))}
        />
      )}
      <h2>{texts('webhooks.new')}</h2>
      <form method="post" action="/account/webhooks">
        <WebhookFields typed={typed} hasFocus={alert !== undefined} />
        <Button>{texts('webhooks.create')}</Button>
      </form>
    </Layout>
  );
}
