import type { Receipt, ReceiptState } from '../../../secrets/receipt.js';
import { CopyBox, PassphraseField, PersonField, PressField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Button, ConfirmForm, Notice } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';
import { When } from '../../frame/when.js';
import type { MessageKey } from '../../messages/catalogues.js';

// The service shows a generated value to its sender for this long.
const VALUE_SHOWN_SECONDS = 60;

const STATES = {
  new: 'receipt.unopened',
  viewed: 'receipt.unopened',
  received: 'receipt.received',
  burned: 'receipt.burned',
  expired: 'receipt.expired',
  orphaned: 'receipt.orphaned',
} as const satisfies Record<ReceiptState, MessageKey>;

/** One for each form of the page. */
export interface ReceiptNonces {
  readonly burn: string;
  readonly value: string;
}

export interface ReceiptPageProps {
  readonly receipt: Receipt;
  /** The complete link; null once the secret is gone. */
  readonly link: string | null;
  readonly nonces: ReceiptNonces;
  readonly alert?: string;
  /** After a press of the form to delete that did nothing. */
  readonly burnAgain?: BurnAgain | undefined;
}

export interface BurnAgain {
  /** Asks for the confirmation in the page. */
  readonly isConfirmationShown: boolean;
  /** What was typed, when it was not tried. */
  readonly passphrase?: string | undefined;
}

/** The sender's page: the state of the message and, while it is unread, its link and a form to delete it. */
export function ReceiptPage({ receipt, link, nonces, alert, burnAgain }: ReceiptPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('receipt.title')} alert={alert}>
      <p>
        <strong>{texts(STATES[receipt.state])}</strong>
      </p>
      <Times receipt={receipt} isUnread={link !== null} />
      {link !== null && receipt.hasPassphrase && <p>{texts('receipt.passphraseSet')}</p>}
      <AttemptsLeft receipt={receipt} />
      {link !== null && (
        <>
          <CopyBox id="link" label={texts('created.link')} value={link} />
          <Notice>{texts('created.once')}</Notice>
          {isValueShowable(receipt) && (
            <ShowValue metadataKey={receipt.metadataKey} nonce={nonces.value} />
          )}
          <Burn receipt={receipt} nonce={nonces.burn} again={burnAgain} />
        </>
      )}
      {link === null && (
        <p>
          <a href="/">{texts('created.another')}</a>
        </p>
      )}
    </Layout>
  );
}

/** The answer to "show the generated password", which works once. */
export function GeneratedValuePage(props: {
  readonly metadataKey: string;
  readonly value: string;
}) {
  const texts = useTexts();
  return (
    <Layout title={texts('value.title')}>
      <CopyBox id="value" label={texts('value.label')} value={props.value} isShownOnce />
      <Notice>{texts('value.once')}</Notice>
      <p>
        <a href={`/receipt/${props.metadataKey}`}>{texts('value.back')}</a>
      </p>
    </Layout>
  );
}

/** Where the sender chose that wrong passphrases delete the message. */
export function AttemptsLeft({ receipt: { attemptsLeft } }: { readonly receipt: Receipt }) {
  const texts = useTexts();
  if (attemptsLeft === null) return null;
  return <p>{texts('receipt.attemptsLeft', { count: attemptsLeft })}</p>;
}

function Times({ receipt, isUnread }: { readonly receipt: Receipt; readonly isUnread: boolean }) {
  const texts = useTexts();
  const { state, createdAt, secretExpiresAt, receivedAt, burnedAt } = receipt;
  return (
    <dl>
      <Instant name={texts('receipt.created')} instant={createdAt} />
      {isUnread && <Instant name={texts('receipt.deletedAfter')} instant={secretExpiresAt} />}
      <Looks receipt={receipt} />
      {receivedAt !== null && <Instant name={texts('receipt.opened')} instant={receivedAt} />}
      {burnedAt !== null && <Instant name={texts('receipt.deleted')} instant={burnedAt} />}
      {state === 'expired' && <Instant name={texts('receipt.ended')} instant={secretExpiresAt} />}
      <Recipients receipt={receipt} />
    </dl>
  );
}

/** Pages do not count. */
function Looks({ receipt: { previewCount, lastPreviewedAt } }: { readonly receipt: Receipt }) {
  const texts = useTexts();
  if (lastPreviewedAt === null) return null;
  const looks = `${texts('receipt.looks', { count: previewCount })} `;
  return <Instant name={texts('receipt.looked')} instant={lastPreviewedAt} before={looks} />;
}

function Recipients({ receipt: { recipients, isRecipientTold } }: { readonly receipt: Receipt }) {
  const texts = useTexts();
  if (recipients.length === 0) return null;
  const to = recipients.join(', ');
  return (
    <>
      <dt>{texts('receipt.for')}</dt>
      <dd>{isRecipientTold ? texts('receipt.mailed', { to }) : to}</dd>
    </>
  );
}

interface InstantProps {
  readonly name: string;
  readonly instant: Date;
  /** In front of the time. */
  readonly before?: string;
}

function Instant({ name, instant, before = '' }: InstantProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {before}
        <When at={instant} />
      </dd>
    </>
  );
}

interface ShowValueProps {
  readonly metadataKey: string;
  readonly nonce: string;
}

/** Works for a minute after the creation: see isValueShowable(). */
export function ShowValue({ metadataKey, nonce }: ShowValueProps) {
  const texts = useTexts();
  return (
    <form method="post" action={`/receipt/${metadataKey}/value`}>
      <PressField nonce={nonce} />
      <Button kind="second">{texts('receipt.showValue')}</Button>
    </form>
  );
}

interface BurnProps {
  readonly receipt: Receipt;
  readonly nonce: string;
  readonly again?: BurnAgain | undefined;
}

/** Asks before the message is deleted. */
export function Burn({ receipt, nonce, again }: BurnProps) {
  const texts = useTexts();
  return (
    <ConfirmForm
      action={`/receipt/${receipt.metadataKey}/burn`}
      summary={texts('receipt.burnTitle')}
      question={texts('receipt.burnQuestion')}
      confirm={texts('receipt.burn')}
      isOpen={again !== undefined}
      isByPerson
    >
      <PressField nonce={nonce} />
      {receipt.hasPassphrase && <PassphraseField value={again?.passphrase} />}
      <PersonField label={texts('receipt.confirm')} isShown={again?.isConfirmationShown ?? false} />
    </ConfirmForm>
  );
}

export function isValueShowable({
  kind,
  hasPassphrase,
  ttlSeconds,
  secretTtlSeconds,
}: Receipt): boolean {
  if (kind !== 'generate' || hasPassphrase || secretTtlSeconds === null) return false;
  return ttlSeconds - secretTtlSeconds < VALUE_SHOWN_SECONDS;
}
