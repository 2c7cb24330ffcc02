import { readTtlSeconds } from '../secrets/conceal-rules.js';
import { generateValue } from '../secrets/generated-value.js';
import type { ConcealSecret } from '../secrets/receipt.js';
import type { SentForm } from './page-form.js';

const BLANK = /^[\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
const NOTHING_TYPED = 'There is nothing to read in your message. Write something first.';

export interface CreateForm {
  readonly command: ConcealSecret;
  /** The message as typed, for a form that is shown again. */
  readonly typed: string;
  /** What the form says when the message has nothing to read; null otherwise. */
  readonly blank: string | null;
}

export function readCreateForm(sent: SentForm): CreateForm {
  const kind = sent.get('kind') === 'generate' ? 'generate' : 'share';
  // Browsers send every newline of a form as CRLF, and a key file with CRLF does not work.
  const typed = (sent.get('secret') ?? '').replaceAll('\r\n', '\n');
  const command = {
    kind,
    value: kind === 'generate' ? generateValue() : typed,
    ttlSeconds: readTtlSeconds(sent.get('ttl')),
    passphrase: sent.passphrase,
    recipients: [],
    shareDomain: null,
    surface: 'page',
  } as const;
  const isBlank = kind === 'share' && BLANK.test(typed);
  return { command, typed, blank: isBlank ? NOTHING_TYPED : null };
}
