import { useFrame } from './frame.js';

const FORMAT = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;

/** An instant: in UTC, and where scripts run in the reader's own zone. */
export function When({ at }: { readonly at: Date }) {
  const { language } = useFrame();
  return (
    <time datetime={at.toISOString()}>
      {`${new Intl.DateTimeFormat(language, FORMAT).format(at)} UTC`}
    </time>
  );
}
