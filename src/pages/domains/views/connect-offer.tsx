import type { ReplacedRecord } from '../../../domains/domain-setup.js';
import { replacedText } from '../../../setup/setup-findings.js';
import type { ConnectLine, SetupView } from '../../../setup/setup-view.js';
import { useTexts } from '../../frame/frame.js';
import { Copyable, useIsolated } from './parts.js';

type OfferProps = { readonly view: Pick<SetupView, 'connect' | 'strangeProvider' | 'panel'> };

/** How the records are made: by the DNS provider after one consent, or by hand, and where. */
export function ConnectOffer({ view }: OfferProps) {
  const { connect, strangeProvider } = view;
  const texts = useTexts();
  const isolated = useIsolated();
  return (
    <>
      {connect !== null && <Offer line={connect} />}
      {connect === null && strangeProvider !== null && (
        <p class="quiet">{texts('connect.noTemplate', isolated({ provider: strangeProvider }))}</p>
      )}
    </>
  );
}

function Offer({ line }: { readonly line: ConnectLine }) {
  const texts = useTexts();
  const isolated = useIsolated();
  const { host, url, prepareUrl, replaces } = line;
  const values = isolated({ provider: line.provider, host });
  return (
    <section data-connect="">
      <h2>{texts('connect.title', values)}</h2>
      <p>{texts('connect.lead', values)}</p>
      <Written line={line} />
      {replaces.length > 0 && (
        <>
          <p>
            <strong>{texts('connect.replaces', values)}</strong>
          </p>
          <ul class="lines">
            {replaces.map((each) => (
              <RecordItem key={replacedText(each)} {...each} />
            ))}
          </ul>
        </>
      )}
      <p>
        <a class="button" href={url} rel="noreferrer nofollow">
          {texts('connect.open', values)}
        </a>
      </p>
      {prepareUrl !== null && (
        <p>
          <a href={prepareUrl} rel="noreferrer nofollow">
            {texts('connect.prepare', values)}
          </a>
          . {texts('connect.prepareWhy', values)}
        </p>
      )}
      <p class="quiet">{texts('connect.byHand', values)}</p>
    </section>
  );
}

/** The records that the provider makes. */
function Written({ line: { writes, pair } }: { readonly line: ConnectLine }) {
  return (
    <ul class="lines">
      {writes.map(({ ref, type, name, desired }) => (
        <RecordItem key={ref} type={type} name={name} values={desired} />
      ))}
      {pair !== null && <RecordItem type="CNAME" name={pair.name} values={[pair.value]} />}
    </ul>
  );
}

function RecordItem({ type, name, values }: ReplacedRecord) {
  return (
    <li>
      <p>
        <b>{type}</b> <Copyable text={name} />
      </p>
      {values.map((value) => (
        <p key={value}>
          <Copyable text={value} />
        </p>
      ))}
    </li>
  );
}

/** The way to the DNS panel, and what is particular there. */
export function PanelHint({ panel }: { readonly panel: SetupView['panel'] }) {
  const texts = useTexts();
  const isolated = useIsolated();
  if (panel === null) return null;
  return (
    <p data-panel="">
      <a href={panel.url} rel="noreferrer nofollow">
        {texts('panel.open', isolated({ provider: panel.provider }))}
      </a>
      . {texts(`panel.${panel.names}`)}
      {panel.hasProxy && <> {texts('panel.proxy')}</>}
    </p>
  );
}
