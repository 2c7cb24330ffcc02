import { RECOVERY_CODES } from '../../accounts/second-factor/recovery-codes.js';
import type { PageFrame } from '../frame/frame.js';
import type { Page } from '../frame/page.js';

const CODE = /^[0-9a-z]{4}(?:-[0-9a-z]{4}){3}$/;

/** The codes in a field, one a line; null for anything else, so that no other text is sent back as a file of ours. */
export function codesIn(text: string): string[] | null {
  const codes = text.split(/\s+/, RECOVERY_CODES + 2).filter(Boolean);
  const areCodes = codes.every((code) => CODE.test(code));
  return areCodes && codes.length > 0 && codes.length <= RECOVERY_CODES ? codes : null;
}

/** A text file to keep. */
export function fileOf({ tenant, texts }: PageFrame, email: string, codes: string[]): Page {
  const lines = [texts('codes.fileTitle', { host: tenant.hostname, email }), '', ...codes, ''];
  return {
    status: 200,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="recovery-codes-${tenant.hostname}.txt"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
    // Editors of Windows want both.
    body: lines.join('\r\n'),
    isCompressible: false,
  };
}
