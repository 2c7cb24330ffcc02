const TRUE = /^(?:true|1|on|yes)$/i;

/** What a form, or a serializer without booleans, writes for an option that is switched on; null when it is absent or empty. */
export function readFlag(text: string | null): boolean | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : TRUE.test(trimmed);
}
