import { bitsOf } from '../../../secrets/generated-password.js';
import type { Receipt } from '../../../secrets/receipt.js';
import { CopyBox } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Disclosure, Notice } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';
import { MailForm, type MailFormProps } from './mail-form.js';
import { QrCode } from './qr-code.js';
import {
  AttemptsLeft,
  Burn,
  isValueShowable,
  ShowValue,
  type ReceiptNonces,
} from './receipt-page.js';

export interface CreatedPageProps {
  readonly receipt: Receipt;
  /** The complete link, for the recipient. */
  readonly link: string;
  /** For the minute after the creation, while this process has it; null otherwise, and for a shared message. */
  readonly generatedValue: string | null;
  readonly nonces: ReceiptNonces;
  /** Null where the link cannot be mailed. */
  readonly mail: MailFormProps | null;
  readonly alert?: string;
}

/** The link to copy, as text: following it would consume the secret. */
export function CreatedPage({
  receipt,
  link,
  generatedValue,
  nonces,
  mail,
  alert,
}: CreatedPageProps) {
  const texts = useTexts();
  const { metadataKey, hasPassphrase } = receipt;
  return (
    <Layout title={texts('created.title')} alert={alert}>
      <CopyBox id="link" label={texts('created.link')} value={link} />
      <Notice>{texts('created.once')}</Notice>
      <Disclosure summary={texts('created.showQr')}>
        <QrCode text={link} label={texts('created.qr')} />
      </Disclosure>
      {receipt.isRecipientTold && (
        <Notice tone="good">
          {texts('created.mailed', { to: receipt.recipients.join(', ') })}
        </Notice>
      )}
      {mail !== null && <MailForm {...mail} />}
      {hasPassphrase && <p>{texts('created.passphrase')}</p>}
      <AttemptsLeft receipt={receipt} />
      {generatedValue !== null && <GeneratedValue value={generatedValue} />}
      {generatedValue === null && isValueShowable(receipt) && (
        <ShowValue metadataKey={metadataKey} nonce={nonces.value} />
      )}
      <h2>{texts('created.afterwards')}</h2>
      <p>
        {texts('created.receipt')}{' '}
        <a href={`/receipt/${metadataKey}`}>{texts('created.toReceipt')}</a>
      </p>
      <Burn receipt={receipt} nonce={nonces.burn} />
      <p>
        <a href="/">{texts('created.another')}</a>
      </p>
    </Layout>
  );
}

function GeneratedValue({ value }: { readonly value: string }) {
  const texts = useTexts();
  return (
    <>
      <CopyBox id="value" label={texts('created.generated')} value={value} isShownOnce />
      <Strength of={value} />
      <p class="quiet">{texts('created.generatedHint')}</p>
    </>
  );
}

/** What a guess over a network cannot try, and what nothing can. */
const [GOOD_BITS, STRONG_BITS] = [60, 80];

function Strength({ of }: { readonly of: string }) {
  const texts = useTexts();
  const bits = bitsOf(of);
  if (bits < GOOD_BITS) return <Notice>{texts('created.weak', { bits })}</Notice>;
  return <p>{texts(bits < STRONG_BITS ? 'created.good' : 'created.strong', { bits })}</p>;
}
