import type { SentForm } from '../frame/page-form.js';
import type { Page } from '../frame/page.js';

/** What the script has put into the form: `credential.toJSON()`; null for anything else. */
export function credentialIn(sent: SentForm): unknown {
  try {
    return JSON.parse(sent.get('response') ?? 'null') as unknown;
  } catch {
    return null;
  }
}

const NAME_SHOWN_MAX = 200;

/** The name in a form: more than one can have, since it is shown again. */
export function passkeyNameIn(sent: SentForm): string {
  return (sent.get('name') ?? '').slice(0, NAME_SHOWN_MAX);
}

/** An answer for a script of our pages. */
export function jsonPage(value: object): Page {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: JSON.stringify(value),
    isCompressible: false,
  };
}
