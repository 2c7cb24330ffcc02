import { MIMEType } from 'node:util';
import { boundedCache } from '../bounded-cache.js';

/** Clients have few: parsing one takes as long as reading a small form, and a request asks several times. */
const KNOWN_MAX = 200;
/** A boundary of multipart fits; what is longer is parsed each time. */
const KNOWN_LENGTH_MAX = 120;

const known = boundedCache<string, Readonly<MIMEType>>(KNOWN_MAX);

/** The value of a Content-Type; null when it is absent or is not `type/subtype`. */
export function readMediaType(contentType: string | undefined): Readonly<MIMEType> | null {
  if (contentType === undefined) return null;
  const kept = known.get(contentType);
  if (kept !== undefined) return kept;
  try {
    const type = new MIMEType(contentType);
    if (contentType.length <= KNOWN_LENGTH_MAX) known.set(contentType, type);
    return type;
  } catch {
    return null;
  }
}
