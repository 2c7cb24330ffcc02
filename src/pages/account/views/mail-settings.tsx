import type { SettledAccount } from '../../../accounts/settings/account-settings.js';
import { LANGUAGES } from '../../../shared/language.js';
import { Button } from '../../frame/components.js';
import { CsrfField } from '../../frame/fields.js';
import { LANGUAGE_NAMES } from '../../frame/footer.js';
import { useTexts } from '../../frame/frame.js';

/** What is mailed to the address of an account, and in which language. */
export function MailSettings({ account: { language, notices } }: MailSettingsProps) {
  const texts = useTexts();
  return (
    <>
      <h2>{texts('mails.title')}</h2>
      <form method="post" action="/account">
        <CsrfField />
        <label for="language">{texts('mails.language')}</label>
        <select id="language" name="language">
          <option value="" selected={language === null}>
            {texts('mails.default')}
          </option>
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each} selected={each === language}>
              {LANGUAGE_NAMES[each]}
            </option>
          ))}
        </select>
        <label class="choice">
          <input type="checkbox" name="notices" value="yes" checked={notices} />{' '}
          {texts('mails.notices')}
        </label>
        <Button kind="second">{texts('mails.save')}</Button>
      </form>
    </>
  );
}

interface MailSettingsProps {
  readonly account: Pick<SettledAccount, 'language' | 'notices'>;
}
