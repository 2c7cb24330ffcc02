import { OwnersText } from '../../frame/components.js';
import { CopyBox } from '../../frame/fields.js';
import { useFrame } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

export interface PrivatePageProps {
  readonly alert?: string;
  /** A message that was refused here. */
  readonly typed?: string;
}

/** Replaces the form on a customer's domain that restricts it to the owner. It contains no names. */
export function PrivatePage({ alert, typed = '' }: PrivatePageProps) {
  const { texts, brand } = useFrame();
  return (
    <Layout title={texts('private.title')} alert={alert}>
      {typed !== '' && <CopyBox id="typed" label={texts('private.typed')} value={typed} />}
      {brand.closedText === null ? (
        <p>{texts('private.text')}</p>
      ) : (
        <OwnersText text={brand.closedText} />
      )}
    </Layout>
  );
}
