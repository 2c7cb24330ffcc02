import { WEBHOOK_EVENTS, type Webhook } from '../../../webhooks/webhook.js';
import { Badge } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Choices } from './choices.js';
import type { TypedWebhook } from '../webhook-form.js';

/** Of a new webhook, and of one that is changed. */
export function WebhookFields({ typed, hasFocus }: WebhookFieldsProps) {
  const texts = useTexts();
  const { name, url, events } = typed;
  return (
    <>
      <CsrfField />
      <Field
        id="name"
        label={texts('webhooks.name')}
        value={name}
        hint={texts('webhooks.nameHint')}
        isRequired
        hasFocus={hasFocus}
      />
      <Field
        id="url"
        label={texts('webhooks.url')}
        type="url"
        value={url}
        hint={texts('webhooks.urlHint')}
        inputmode="url"
        dir="ltr"
        isRequired
      />
      <Choices
        legend={texts('webhooks.events')}
        names={WEBHOOK_EVENTS}
        chosen={events}
        labelOf={(event) => texts(`webhooks.event.${event}`)}
      />
    </>
  );
}

interface WebhookFieldsProps {
  readonly typed: TypedWebhook;
  readonly hasFocus: boolean;
}

export function WebhookBadge({ webhook }: { readonly webhook: Webhook }) {
  const texts = useTexts();
  if (!webhook.isEnabled) return <Badge tone="bad">{texts('webhooks.is.off')}</Badge>;
  if (webhook.failingSince !== null)
    return <Badge tone="wait">{texts('webhooks.is.failing')}</Badge>;
  return <Badge tone="good">{texts('webhooks.is.on')}</Badge>;
}
