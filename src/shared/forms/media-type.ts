import { MIMEType } from 'node:util';

/** The value of a Content-Type; null when it is absent or is not `type/subtype`. */
export function readMediaType(contentType: string | undefined): MIMEType | null {
  if (contentType === undefined) return null;
  try {
    return new MIMEType(contentType);
  } catch {
    return null;
  }
}
