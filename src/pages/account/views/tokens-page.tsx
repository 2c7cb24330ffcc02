import type { TokenRecord } from '../../../accounts/tokens/token-record.js';
import { TOKEN_SCOPES, type TokenScope } from '../../../accounts/tokens/token-scope.js';
import { Badge, Button, ConfirmForm, Disclosure } from '../../frame/components.js';
import { useDay } from '../../frame/day.js';
import { CopyBox, CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';
import { When } from '../../frame/when.js';
import { Choices } from './choices.js';
import { OverlapField } from './overlap-field.js';

export interface TokensPageProps {
  /** Not the values that a rotation replaced. */
  readonly tokens: readonly TokenRecord[];
  /** What was typed and chosen, when the form is shown again. */
  readonly name?: string;
  readonly scopes?: readonly TokenScope[];
  readonly days?: number;
  readonly alert?: string;
}

/** After how many days a new token may end; 0: only with its revocation. */
export const TOKEN_DAYS = [0, 30, 90, 365] as const;

/** The API tokens of an account, by name; none is shown itself. */
export function TokensPage({ tokens, name, scopes, days, alert }: TokensPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('tokens.title')} alert={alert} isWide>
      <p>{texts('tokens.lead')}</p>
      <TokenTable tokens={tokens} />
      <NewToken name={name} scopes={scopes} days={days} hasFocus={alert !== undefined} />
    </Layout>
  );
}

function TokenTable({ tokens }: Pick<TokensPageProps, 'tokens'>) {
  const [texts, dayOf] = [useTexts(), useDay()];
  if (tokens.length === 0) return <p>{texts('tokens.none')}</p>;
  return (
    <Table
      caption={texts('tokens.title')}
      isCaptionHidden
      columns={[
        texts('tokens.name'),
        texts('tokens.scopes'),
        texts('tokens.lastUsed'),
        texts('token.end'),
        '',
      ]}
      rows={tokens.map((token) => ({
        key: token.id,
        cells: [
          <bdi>{token.name}</bdi>,
          token.scopes.map((scope) => texts(`tokens.scope.${scope}`)).join(', '),
          token.lastUsedOn === null ? texts('tokens.never') : dayOf(token.lastUsedOn),
          <End token={token} />,
          <Actions token={token} />,
        ],
      }))}
    />
  );
}

interface NewTokenProps {
  readonly name: string | undefined;
  readonly scopes: readonly TokenScope[] | undefined;
  readonly days: number | undefined;
  readonly hasFocus: boolean;
}

function NewToken({ name, scopes = TOKEN_SCOPES, days = 0, hasFocus }: NewTokenProps) {
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
        <Choices
          legend={texts('tokens.scopes')}
          names={TOKEN_SCOPES}
          chosen={scopes}
          labelOf={(scope) => texts(`tokens.scope.${scope}`)}
        />
        <label for="days">{texts('token.ends')}</label>
        <select id="days" name="days">
          {TOKEN_DAYS.map((count) => (
            <option key={count} value={count} selected={count === days}>
              {count === 0 ? texts('token.never') : texts('token.days', { count })}
            </option>
          ))}
        </select>
        <Button>{texts('tokens.create')}</Button>
      </form>
    </>
  );
}

function End({ token: { expiresAt, isExpired } }: TokenProps) {
  const texts = useTexts();
  if (isExpired) return <Badge tone="bad">{texts('tokens.expired')}</Badge>;
  return expiresAt === null ? <>–</> : <When at={expiresAt} />;
}

function Actions({ token }: TokenProps) {
  const texts = useTexts();
  const path = `/account/tokens/${token.id}`;
  return (
    <>
      {/* A new value would end with the one before. */}
      {!token.isExpired && (
        <Disclosure summary={texts('token.renew')}>
          <form method="post" action={`${path}/renew`}>
            <p>{texts('token.renewText')}</p>
            <CsrfField />
            <OverlapField id={`overlap-${token.id}`} label={texts('token.before')} />
            <Button>{texts('token.renewNow')}</Button>
          </form>
        </Disclosure>
      )}
      <ConfirmForm
        action={`${path}/revoke`}
        summary={texts('tokens.revoke')}
        question={texts('tokens.question')}
        confirm={texts('tokens.revokeNow')}
      >
        <CsrfField />
      </ConfirmForm>
    </>
  );
}

interface TokenProps {
  readonly token: TokenRecord;
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
