import type { SetupState } from '../../../setup/setup-state.js';
import { Button, Notice } from '../../frame/components.js';
import { useTexts } from '../../frame/frame.js';
import { CsrfField } from '../../frame/fields.js';
import { Offer, type PlanOffer } from '../../frame/plan-offer.js';
import { Copyable, DomainLayout, StateBadge, useIsolated } from './parts.js';

/** One domain of the list. */
export interface DomainLine {
  readonly id: string;
  readonly name: string;
  readonly state: SetupState;
}

export interface DomainsPageProps {
  readonly domains: readonly DomainLine[];
  /** Of all pages. */
  readonly count: number;
  readonly max: number;
  readonly nextCursor: string | null;
  /** Null: the plan has custom domains. */
  readonly offer: PlanOffer | null;
}

/** The domains of an account, with their state. */
export function DomainsPage({ domains, count, max, nextCursor, offer }: DomainsPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout title={texts('domains.title')} back={null}>
      <p>{texts('domains.lead')}</p>
      {offer !== null && <Offer offer={offer} hasDomains={count > 0} />}
      {domains.length === 0 && offer === null && <p>{texts('domains.none')}</p>}
      {domains.length > 0 && (
        <ul class="lines domains">
          {domains.map(({ id, name, state }) => (
            <li key={id}>
              <a href={`/domains/${id}`}>
                <bdi>{name}</bdi>
              </a>
              <StateBadge state={state} />
            </li>
          ))}
        </ul>
      )}
      {nextCursor !== null && (
        <p>
          <a href={`/domains?cursor=${encodeURIComponent(nextCursor)}`}>{texts('domains.more')}</a>
        </p>
      )}
      {offer === null && (
        <>
          <p>
            <a class="button" href="/domains/add">
              {texts('domains.add')}
            </a>
          </p>
          <p>
            <a href="/domains/code">{texts('receive.open')}</a>
          </p>
          <p class="quiet">{texts('domains.count', { count, max })}</p>
        </>
      )}
    </DomainLayout>
  );
}

/** What a look at a name has found, before it is added. */
export interface LookLines {
  readonly name: string;
  readonly zone: string;
  /** The other name of an apex and its `www`; null: there is none. */
  readonly pairName: string | null;
  readonly verdict: 'free' | 'here' | 'used' | 'conflict' | 'yours';
  /** The domain that the account has already; null: none. */
  readonly ownId: string | null;
  readonly hasMail: boolean;
  readonly records: readonly { readonly type: string; readonly values: readonly string[] }[];
  /** Whose name servers they are; null: unknown. */
  readonly provider: string | null;
}

export interface AddPageProps {
  readonly typed: string;
  readonly look: LookLines | null;
  readonly alert?: string | undefined;
}

/** Type a name, see what is there now, add it. */
export function AddPage({ typed, look, alert }: AddPageProps) {
  const texts = useTexts();
  return (
    <DomainLayout
      title={texts('add.title')}
      alert={alert}
      back={{ href: '/domains', label: texts('domains.back') }}
    >
      {look !== null && <Look look={look} />}
      <form method="post" action="/domains/look">
        <CsrfField />
        {look === null && <p>{texts('add.lead')}</p>}
        <label for="domain">{texts(look === null ? 'add.name' : 'add.other')}</label>
        <input
          id="domain"
          name="domain"
          value={typed}
          dir="ltr"
          inputmode="url"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          required
          autofocus={look === null}
          placeholder="secrets.example.com"
        />
        <Button kind={look === null ? 'first' : 'second'}>{texts('add.look')}</Button>
      </form>
    </DomainLayout>
  );
}

function Look({ look }: { readonly look: LookLines }) {
  const texts = useTexts();
  const isolated = useIsolated();
  const { name, zone, pairName, verdict, ownId, hasMail, records, provider } = look;
  return (
    <section class="look">
      <h2>
        <bdi>{name}</bdi>
      </h2>
      <p>
        <strong>{texts(`add.${verdict}`)}</strong>
      </p>
      {hasMail && <Notice>{texts('add.mail')}</Notice>}
      {records.length > 0 && (
        <>
          <h3>{texts('add.found')}</h3>
          <ul class="lines">
            {records.map(({ type, values }) => (
              <li key={type}>
                <p>
                  <b>{type}</b>
                </p>
                {values.map((value) => (
                  <p key={value}>
                    <Copyable text={value} />
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
      {provider !== null && <p class="quiet">{texts('add.kept', isolated({ zone, provider }))}</p>}
      {ownId === null ? (
        <ClaimForm name={name} pairName={pairName} />
      ) : (
        <p>
          <a class="button" href={`/domains/${ownId}`}>
            {texts('add.open')}
          </a>
        </p>
      )}
    </section>
  );
}

function ClaimForm({ name, pairName }: Pick<LookLines, 'name' | 'pairName'>) {
  const texts = useTexts();
  const isolated = useIsolated();
  return (
    <form method="post" action="/domains">
      <CsrfField />
      <input type="hidden" name="domain" value={name} />
      {pairName !== null && (
        <label class="choice">
          <input type="checkbox" name="pair" value="yes" />{' '}
          <span>{texts('add.pair', isolated({ other: pairName }))}</span>
        </label>
      )}
      <Button>{texts('add.claim', isolated({ name }))}</Button>
    </form>
  );
}
