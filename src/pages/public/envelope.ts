import { randomBytes } from 'node:crypto';
import type { PageFrame } from '../frame/frame.js';
import { documentOf, pageOf, pageWith, type Page } from '../frame/page.js';
import { isPlain } from '../frame/switches.js';
import { EnvelopePage, type EnvelopePageProps } from './views/envelope-page.js';
import { boundedCache } from '../../shared/bounded-cache.js';

type Props = Pick<EnvelopePageProps, 'linkKey' | 'hasPassphrase' | 'nonce'>;

/** Some 8 KB each; a tenant has two for each language. */
const DOCUMENTS_MAX = 200;
/** What needs no escaping in HTML and in the path of a form. */
const PLAIN = /^[\w-]+$/;
const ANSWER = { isCompressible: true };

/** In place of the key and the nonce. Random: no text of a brand has them. */
const KEY_MARK = randomBytes(16).toString('hex');
const NONCE_MARK = randomBytes(16).toString('hex');
const MARK = new RegExp(`(${KEY_MARK}|${NONCE_MARK})`);

/** The text between the marks, and the marks. By all that a page depends on. */
const documents = boundedCache<string, readonly string[]>(DOCUMENTS_MAX);

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/**
 * The page of a link as it is first shown. All links of a tenant have the same one but for the key and the nonce, so it is
 * rendered once for each language.
 */
export function envelopeOf(frame: PageFrame, props: Props): Page {
  const { linkKey, nonce, hasPassphrase } = props;
  const isSame = frame.csrf === null && isPlain(frame.switches) && PLAIN.test(linkKey);
  if (!isSame) return pageOf(frame, EnvelopePage, props, ANSWER);
  const parts = partsOf(frame, hasPassphrase);
  const own = new Map([
    [KEY_MARK, linkKey],
    [NONCE_MARK, nonce],
  ]);
  let body = '';
  for (const part of parts) body += own.get(part) ?? part;
  return pageWith(frame, body, ANSWER);
}

function partsOf(frame: PageFrame, hasPassphrase: boolean): readonly string[] {
  const { tenant, brand, language, switches } = frame;
  const name = `${numberOf(tenant)} ${numberOf(brand)} ${language} ${switches.length} ${hasPassphrase}`;
  const known = documents.get(name);
  if (known !== undefined) return known;
  const props = { linkKey: KEY_MARK, nonce: NONCE_MARK, hasPassphrase };
  const parts = documentOf(frame, EnvelopePage, props).split(MARK);
  documents.set(name, parts);
  return parts;
}

/** Tenant and brand are the same objects until something about their host changes. */
function numberOf(value: object): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(value, lastNumber);
  return lastNumber;
}
