import type { MailList } from '../../mail/mail-list.js';
import type { Language } from '../../shared/language.js';
import { Layout } from './layout.js';
import { UNSUBSCRIBE_TEXTS } from './unsubscribe-texts.js';

export interface UnsubscribePageProps {
  readonly list: MailList;
  readonly isRefused: boolean;
  /** Of the page itself, which takes the form too. */
  readonly path: string;
  readonly language: Language;
}

/** How things stand with one kind of mail to one address, and one button that changes it. */
export function UnsubscribePage({ list, isRefused, path, language }: UnsubscribePageProps) {
  const texts = UNSUBSCRIBE_TEXTS[language];
  return (
    <Layout title={isRefused ? texts.refusedTitle : texts.wantedTitle} language={language}>
      <p>{isRefused ? texts.lists[list].refused : texts.lists[list].wanted}</p>
      <form method="post" action={path}>
        {isRefused ? (
          <input type="hidden" name="again" value="1" />
        ) : (
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
        )}
        <button>{isRefused ? texts.want : texts.refuse}</button>
      </form>
    </Layout>
  );
}
