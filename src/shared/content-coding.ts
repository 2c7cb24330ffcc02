const CODINGS = ['br', 'gzip'] as const;
export type ContentCoding = (typeof CODINGS)[number];

const ITEMS_MAX = 20;
const REFUSED = /^q=0(?:\.0*)?$/;

/** The shortest form of a text that the client takes (RFC 9110 section 12.5.3); null: as it is. */
export function acceptedCoding(acceptEncoding: string | undefined): ContentCoding | null {
  const accepted = (acceptEncoding ?? '').toLowerCase().split(',', ITEMS_MAX).map(nameOf);
  return CODINGS.find((coding) => accepted.includes(coding)) ?? null;
}

function nameOf(item: string): string | null {
  const [name = '', quality = ''] = item.split(';', 2).map((part) => part.replaceAll(/\s/g, ''));
  return REFUSED.test(quality) ? null : name;
}
