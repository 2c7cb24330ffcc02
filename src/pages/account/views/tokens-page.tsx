import type { TokenRecord } from '../../../accounts/tokens/token-record.js';
import { TOKEN_SCOPES, type TokenScope } from '../../../accounts/tokens/token-scope.js';
import { Button, ConfirmForm } from '../../frame/components.js';
import { CopyBox, CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';

export interface TokensPageProps {
  /** Not the values that a rotation replaced. */
  readonly tokens: readonly TokenRecord[];
  /** What was typed and chosen, when the form is shown again. */
  readonly name?: string;
  readonly scopes?: readonly TokenScope[];
  readonly alert?: string;
}

/** The API tokens of an account, by name; none is shown itself. */
export function TokensPage({ tokens, name, scopes = TOKEN_SCOPES, alert }: TokensPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('tokens.title')} alert={alert} isWide>
      <p>{texts('tokens.lead')}</p>
      <TokenTable tokens={tokens} />
      <NewToken name={name} scopes={scopes} hasFocus={alert !== undefined} />
    </Layout>
  );
}

function TokenTable({ tokens }: Pick<TokensPageProps, 'tokens'>) {
  const texts = useTexts();
  if (tokens.length === 0) return <p>{texts('tokens.none')}</p>;
  return (
    <Table
      caption={texts('tokens.title')}
      isCaptionHidden
      columns={[texts('tokens.name'), texts('tokens.scopes'), texts('tokens.lastUsed'), '']}
      rows={tokens.map((token) => ({
        key: token.id,
        cells: [
          <bdi>{token.name}</bdi>,
          token.scopes.map((scope) => texts(`tokens.scope.${scope}`)).join(', '),
          token.isExpired ? texts('tokens.expired') : (token.lastUsedOn ?? texts('tokens.never')),
          <Revoke token={token} />,
        ],
      }))}
    />
  );
}

interface NewTokenProps {
  readonly name: string | undefined;
  readonly scopes: readonly TokenScope[];
  readonly hasFocus: boolean;
}

function NewToken({ name, scopes, hasFocus }: NewTokenProps) {
  const texts = useTexts();
  return (
    <>
      <h2>{texts('tokens.new')}</h2>
      <form method="post" action="/account/tokens">
        <CsrfField />
        <Field
          id="name"
          label={texts('tokens.name')}
          value={name}
          hint={texts('tokens.nameHint')}
          isRequired
          hasFocus={hasFocus}
        />
        <fieldset>
          <legend>{texts('tokens.scopes')}</legend>
          {TOKEN_SCOPES.map((scope) => (
            <label key={scope} class="choice">
              <input type="checkbox" name={scope} value="yes" checked={scopes.includes(scope)} />{' '}
              {texts(`tokens.scope.${scope}`)}
            </label>
          ))}
        </fieldset>
        <Button>{texts('tokens.create')}</Button>
      </form>
    </>
  );
}

function Revoke({ token }: { readonly token: TokenRecord }) {
  const texts = useTexts();
  return (
    <ConfirmForm
      action={`/account/tokens/${token.id}/revoke`}
      summary={texts('tokens.revoke')}
      question={texts('tokens.question')}
      confirm={texts('tokens.revokeNow')}
    >
      <CsrfField />
    </ConfirmForm>
  );
}

/** The answer that has the token, once. */
export function NewTokenPage({ name, value }: { readonly name: string; readonly value: string }) {
  const texts = useTexts();
  return (
    <Layout title={texts('tokens.made', { name })}>
      <CopyBox id="token" label={texts('tokens.value')} value={value} isShownOnce />
      <p class="notice">{texts('tokens.once')}</p>
      <p>
        <a href="/account/tokens">{texts('tokens.back')}</a>
      </p>
    </Layout>
  );
}
