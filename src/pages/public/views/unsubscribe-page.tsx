import type { MailList } from '../../../mail/mail-list.js';
import { CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Button } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

export interface UnsubscribePageProps {
  readonly list: MailList;
  readonly isRefused: boolean;
  /** Of the page itself, which takes the form too. */
  readonly path: string;
}

/** How things stand with one kind of mail to one address, and one button that changes it. */
export function UnsubscribePage({ list, isRefused, path }: UnsubscribePageProps) {
  const texts = useTexts();
  const state = isRefused ? 'refused' : 'wanted';
  return (
    <Layout title={texts(`unsubscribe.${state}Title`)}>
      <p>{texts(`unsubscribe.${list}.${state}`)}</p>
      <form method="post" action={path}>
        <CsrfField />
        {isRefused ? (
          <input type="hidden" name="again" value="1" />
        ) : (
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
        )}
        <Button>{texts(isRefused ? 'unsubscribe.want' : 'unsubscribe.refuse')}</Button>
      </form>
    </Layout>
  );
}
