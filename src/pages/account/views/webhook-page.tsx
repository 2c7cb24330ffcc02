import type { AttemptPage } from '../../../webhooks/delivery-log.js';
import type { Webhook } from '../../../webhooks/webhook.js';
import { Button, ConfirmForm, Disclosure, Notice } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import type { TypedWebhook } from '../webhook-form.js';
import { Facts, instant } from './facts.js';
import { OverlapField } from './overlap-field.js';
import { WebhookBadge, WebhookFields } from './webhook-fields.js';
import { WebhookLog } from './webhook-log.js';

export interface WebhookPageProps extends AttemptPage {
  readonly webhook: Webhook;
  readonly isFirst: boolean;
  /** A test event was asked for just now. */
  readonly isTestSent: boolean;
  /** What was typed, when the form is shown again. */
  readonly typed?: TypedWebhook | undefined;
  readonly alert?: string | undefined;
}

/** One webhook: how it is, what was sent to it, and all that can be done with it. */
export function WebhookPage(props: WebhookPageProps) {
  const { webhook, isTestSent, typed, alert } = props;
  const texts = useTexts();
  const path = `/account/webhooks/${webhook.id}`;
  return (
    <Layout title={texts('webhooks.made', { name: webhook.name })} alert={alert} isWide>
      <p>
        <a href="/account/webhooks">{texts('webhooks.back')}</a>
      </p>
      <Standing webhook={webhook} />
      {isTestSent && (
        <>
          <Notice tone="good">{texts('webhooks.testSent')}</Notice>
          <p>
            <a href={`${path}?test=sent`}>{texts('webhooks.reload')}</a>
          </p>
        </>
      )}
      <WebhookLog {...props} path={path} />
      <Actions webhook={webhook} path={path} />
      <Disclosure summary={texts('webhooks.edit')} isOpen={typed !== undefined}>
        <form method="post" action={path}>
          <WebhookFields typed={typed ?? webhook} hasFocus={typed !== undefined} />
          <Button>{texts('webhooks.save')}</Button>
        </form>
      </Disclosure>
      <NewSecret path={path} />
      <ConfirmForm
        action={`${path}/remove`}
        summary={texts('webhooks.remove')}
        question={texts('webhooks.removeQuestion')}
        confirm={texts('webhooks.removeNow')}
      >
        <CsrfField />
      </ConfirmForm>
    </Layout>
  );
}

function Standing({ webhook }: { readonly webhook: Webhook }) {
  const texts = useTexts();
  const { url, events, disabledReason, failingSince, isEnabled } = webhook;
  return (
    <>
      {disabledReason !== null && (
        <Notice tone={disabledReason === 'owner' ? 'wait' : 'bad'}>
          {texts(`webhooks.reason.${disabledReason}`)}
        </Notice>
      )}
      {isEnabled && failingSince !== null && <Notice>{texts('webhooks.failing')}</Notice>}
      <Facts
        facts={[
          [texts('webhooks.state'), <WebhookBadge webhook={webhook} />],
          [texts('webhooks.url'), <bdi dir="ltr">{url}</bdi>],
          [
            texts('webhooks.events'),
            events.map((event) => <div key={event}>{texts(`webhooks.event.${event}`)}</div>),
          ],
          [texts('webhooks.failingSince'), instant(failingSince)],
          [texts('webhooks.disabledAt'), instant(webhook.disabledAt)],
          [texts('webhooks.createdAt'), instant(webhook.createdAt)],
          [texts('webhooks.rotatedAt'), instant(webhook.rotatedAt)],
          [texts('webhooks.previousUntil'), instant(webhook.previousUntil)],
        ]}
      />
    </>
  );
}

interface ActionsProps {
  readonly webhook: Webhook;
  readonly path: string;
}

function Actions({ webhook: { isEnabled }, path }: ActionsProps) {
  const texts = useTexts();
  return (
    <>
      {isEnabled && (
        <form method="post" action={`${path}/test`}>
          <CsrfField />
          <Button>{texts('webhooks.test')}</Button>
        </form>
      )}
      <form method="post" action={`${path}/switch`}>
        <CsrfField />
        {!isEnabled && <p>{texts('webhooks.enableText')}</p>}
        <Button kind={isEnabled ? 'second' : 'first'} name="to" value={isEnabled ? 'off' : 'on'}>
          {texts(isEnabled ? 'webhooks.disable' : 'webhooks.enable')}
        </Button>
      </form>
    </>
  );
}

function NewSecret({ path }: { readonly path: string }) {
  const texts = useTexts();
  return (
    <Disclosure summary={texts('webhooks.rotate')}>
      <form method="post" action={`${path}/secret`}>
        <CsrfField />
        <p>{texts('webhooks.rotateText')}</p>
        <OverlapField id="overlap" label={texts('webhooks.overlap')} />
        <Button>{texts('webhooks.rotateNow')}</Button>
      </form>
    </Disclosure>
  );
}
