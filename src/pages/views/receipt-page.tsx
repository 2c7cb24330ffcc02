import type { Receipt, ReceiptState } from '../../secrets/receipt.js';
import { PassphraseField, PressField, ValueBox } from './fields.js';
import { Layout } from './layout.js';

// The service shows a generated value to its sender for this long.
const VALUE_SHOWN_SECONDS = 60;

const STATES: Record<ReceiptState, string> = {
  new: 'Not opened yet.',
  viewed: 'Not opened yet.',
  received: 'It was opened.',
  burned: 'It was deleted before anybody opened it.',
  expired: 'Its time was up before anybody opened it.',
  orphaned: 'It is no longer there, and was not opened.',
};

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
}

/** The sender's page: the state of the message and, while it is unread, its link and a form to delete it. */
export function ReceiptPage({ receipt, link, nonces, alert }: ReceiptPageProps) {
  return (
    <Layout title="Receipt" alert={alert}>
      <p>
        <strong>{STATES[receipt.state]}</strong>
      </p>
      <Times receipt={receipt} isUnread={link !== null} />
      <AttemptsLeft receipt={receipt} />
      {link !== null && (
        <>
          <ValueBox id="link" label="Link to send" value={link} />
          <p class="notice">Do not open it yourself: it opens once, for whoever is first.</p>
          {isValueShowable(receipt) && (
            <ShowValue metadataKey={receipt.metadataKey} nonce={nonces.value} />
          )}
          <Burn receipt={receipt} nonce={nonces.burn} />
        </>
      )}
      {link === null && (
        <p>
          <a href="/">Send another message</a>
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
  return (
    <Layout title="Generated password">
      <ValueBox id="value" label="Password" value={props.value} isShownOnce />
      <p class="notice">Copy it now: it is not shown again.</p>
      <p>
        <a href={`/receipt/${props.metadataKey}`}>Back to the receipt</a>
      </p>
    </Layout>
  );
}

/** Where the sender chose that wrong passphrases delete the message. */
export function AttemptsLeft({ receipt: { attemptsLeft } }: { readonly receipt: Receipt }) {
  if (attemptsLeft === null) return null;
  const wrong =
    attemptsLeft === 1 ? 'one more wrong passphrase' : `${attemptsLeft} more wrong passphrases`;
  return (
    <p>
      It is deleted unread after{' '}
      {attemptsLeft === 0 ? 'the try that is in work, if that is wrong' : wrong}.
    </p>
  );
}

function Times({ receipt, isUnread }: { readonly receipt: Receipt; readonly isUnread: boolean }) {
  const { createdAt, ttlSeconds, receivedAt, burnedAt, recipients } = receipt;
  return (
    <dl>
      <Instant name="Created" instant={createdAt} />
      {isUnread && (
        <Instant name="Deleted after" instant={new Date(createdAt.getTime() + ttlSeconds * 1000)} />
      )}
      {receivedAt !== null && <Instant name="Opened" instant={receivedAt} />}
      {burnedAt !== null && <Instant name="Deleted" instant={burnedAt} />}
      {recipients.length > 0 && (
        <>
          <dt>For</dt>
          <dd>{recipients.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function Instant({ name, instant }: { readonly name: string; readonly instant: Date }) {
  const iso = instant.toISOString();
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <time datetime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`}</time>
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
  return (
    <form method="post" action={`/receipt/${metadataKey}/value`}>
      <PressField nonce={nonce} />
      <button class="second">Show the generated password once</button>
    </form>
  );
}

function Burn({ receipt, nonce }: { readonly receipt: Receipt; readonly nonce: string }) {
  return (
    <form method="post" action={`/receipt/${receipt.metadataKey}/burn`} autocomplete="off">
      <PressField nonce={nonce} />
      <h2>Changed your mind?</h2>
      {receipt.hasPassphrase && <PassphraseField />}
      <button class="second">Delete the message now</button>
    </form>
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
