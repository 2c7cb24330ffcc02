import { displayNameOf } from '../../../domains/domain-name.js';
import type { OtherName } from '../../../domains/domains.service.js';
import type { TransferOffer } from '../../../domains/transfer-offer.js';
import { Button, Notice } from '../../frame/components.js';
import { CopyBox, CsrfField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import type { SetupView } from '../../../setup/setup-view.js';
import type { MessageKey } from '../../messages/catalogues.js';
import { Dated, DomainLayout, useIsolated } from './parts.js';
import { MoveNotice } from './setup-content.js';

export interface TransferPageProps {
  readonly name: string;
  /** `/domains/cd…` */
  readonly path: string;
  readonly isProven: boolean;
  /** The other name of the pair. */
  readonly other: Pick<OtherName, 'hostname' | 'redirects'> | null;
  /** Null: there is no code. */
  readonly offer: TransferOffer | null;
  readonly move: SetupView['move'];
  /** This one first. */
  readonly regions: readonly string[];
  /** The code that was just made. */
  readonly made?: string | undefined;
}

/** Gives a domain to another account by a code. */
export function TransferPage({
  name,
  path,
  isProven,
  other,
  offer,
  move,
  regions,
  made,
}: TransferPageProps) {
  const texts = useTexts();
  const isMoving = move !== null;
  return (
    <DomainLayout title={texts('transfer.title')} back={{ href: path, label: name }}>
      <p>{texts('transfer.lead')}</p>
      <ul>
        <li>{texts('transfer.goes')}</li>
        <PairItem other={other} />
        <li>{texts('transfer.stays')}</li>
        <li>{texts('transfer.ends')}</li>
        {regions.length > 1 && <li>{texts('transfer.elsewhere')}</li>}
      </ul>
      {made !== undefined && (
        <>
          <Notice tone="good">{texts('transfer.made')}</Notice>
          <CopyBox id="code" label={texts('transfer.code')} value={made} isShownOnce />
        </>
      )}
      {offer !== null && <OpenOffer offer={offer} path={path} />}
      <MoveNotice move={move} />
      {isMoving && <CancelForm path={path} text="move.cancel" />}
      {!isProven && <p>{texts('transfer.unproven')}</p>}
      {isProven && !isMoving && (
        <form method="post" action={`${path}/transfer`}>
          <CsrfField />
          <RegionField regions={regions} />
          <Button kind={offer === null ? 'first' : 'second'}>
            {texts(offer === null ? 'transfer.make' : 'transfer.another')}
          </Button>
        </form>
      )}
    </DomainLayout>
  );
}

function PairItem({ other }: Pick<TransferPageProps, 'other'>) {
  const texts = useTexts();
  const isolated = useIsolated();
  if (other === null || other.redirects === null) return null;
  const text = other.redirects === 'other' ? 'transfer.pair.goes' : 'transfer.pair.parts';
  return <li>{texts(text, isolated({ other: displayNameOf(other.hostname) }))}</li>;
}

function OpenOffer({ offer, path }: { readonly offer: TransferOffer; readonly path: string }) {
  const texts = useTexts();
  if (offer.state === 'expired') return <p>{texts('transfer.expired')}</p>;
  return (
    <>
      <p>
        <Dated text="transfer.open" at={offer.expiresAt} />
      </p>
      <CancelForm path={path} text="transfer.cancel" />
    </>
  );
}

function CancelForm({ path, text }: { readonly path: string; readonly text: MessageKey }) {
  const texts = useTexts();
  return (
    <form method="post" action={`${path}/transfer/cancel`}>
      <CsrfField />
      <Button kind="second">{texts(text)}</Button>
    </form>
  );
}

/** With one region there is nothing to choose. */
function RegionField({ regions: [own = '', ...others] }: Pick<TransferPageProps, 'regions'>) {
  const texts = useTexts();
  if (others.length === 0) return null;
  return (
    <>
      <label for="region">{texts('transfer.region')}</label>
      <select id="region" name="region">
        <option value={own}>{texts('transfer.here', { region: own })}</option>
        {others.map((region) => (
          <option key={region} value={region}>
            {region}
          </option>
        ))}
      </select>
    </>
  );
}

/** Takes a domain that another account gives away. */
export function ReceivePage({ alert }: { readonly alert?: string | undefined }) {
  const texts = useTexts();
  return (
    <DomainLayout
      title={texts('receive.title')}
      alert={alert}
      back={{ href: '/domains', label: texts('domains.back') }}
    >
      <p>{texts('receive.lead')}</p>
      <form method="post" action="/domains/code">
        <CsrfField />
        <label for="code">{texts('receive.code')}</label>
        <input
          id="code"
          name="code"
          dir="ltr"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          maxlength={100}
          required
          autofocus
        />
        <Button>{texts('receive.submit')}</Button>
      </form>
    </DomainLayout>
  );
}
