import { Alert, Button } from '../../frame/components.js';
import { CopyBox, CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

export interface RecoveryCodesPageProps {
  readonly codes: readonly string[];
  /** Whether the authenticator app counts from now on; else there were codes before, which are void. */
  readonly isNew: boolean;
}

/** The answer that has the recovery codes, once. */
export function RecoveryCodesPage({ codes, isNew }: RecoveryCodesPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('codes.title')}>
      <Alert tone="good">{texts(isNew ? 'codes.appIsOn' : 'codes.oldAreVoid')}</Alert>
      <p>{texts('codes.lead')}</p>
      <CopyBox id="codes" label={texts('codes.label')} value={codes.join('\n')} isShownOnce />
      <form method="post" action="/account/security/codes/file">
        <CsrfField />
        <input type="hidden" name="codes" value={codes.join(' ')} />
        <Button kind="second">{texts('codes.download')}</Button>
      </form>
      <p>
        <a class="button" href="/account/security">
          {texts('codes.done')}
        </a>
      </p>
    </Layout>
  );
}
