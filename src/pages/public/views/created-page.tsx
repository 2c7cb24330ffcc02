import type { Receipt } from '../../../secrets/receipt.js';
import { CopyBox } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Disclosure, Notice } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';
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
}

/** The link to copy, as text: following it would consume the secret. */
export function CreatedPage({ receipt, link, generatedValue, nonces }: CreatedPageProps) {
  const texts = useTexts();
  const { metadataKey, hasPassphrase } = receipt;
  return (
    <Layout title={texts('created.title')}>
      <CopyBox id="link" label={texts('created.link')} value={link} />
      <Notice>{texts('created.once')}</Notice>
      <Disclosure summary={texts('created.showQr')}>
        <QrCode text={link} label={texts('created.qr')} />
      </Disclosure>
      {hasPassphrase && <p>{texts('created.passphrase')}</p>}
      <AttemptsLeft receipt={receipt} />
      {generatedValue !== null && (
        <>
          <CopyBox
            id="value"
            label={texts('created.generated')}
            value={generatedValue}
            isShownOnce
          />
          <p class="quiet">{texts('created.generatedHint')}</p>
        </>
      )}
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
