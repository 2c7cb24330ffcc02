import type { NewSecretValue } from '../../../webhooks/webhooks.service.js';
import { Notice } from '../../frame/components.js';
import { CopyBox } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

/** The answer that has the secret of a webhook, once. */
export function WebhookSecretPage({ webhook, secret }: NewSecretValue) {
  const texts = useTexts();
  return (
    <Layout title={texts('webhooks.made', { name: webhook.name })}>
      <CopyBox id="secret" label={texts('webhooks.secret')} value={secret} isShownOnce />
      <Notice>{texts('webhooks.once')}</Notice>
      <p>
        <a href={`/account/webhooks/${webhook.id}`}>{texts('webhooks.toIt')}</a>
      </p>
    </Layout>
  );
}
