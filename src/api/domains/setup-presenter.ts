import { panelOf } from '../../domains/diagnosis/dns-panel.js';
import { hostingZone } from '../../domains/diagnosis/record-wording.js';
import type { DomainView } from '../../setup/domain-view.js';
import { isoOrNull } from '../instants.js';
import type { SetupAnswer } from './setup-answers.js';

/** How the records of a claim can be made. The links are in views for the claim's owner alone. */
export function presentSetup(view: DomainView): SetupAnswer {
  const panel = panelOf(view.facts.nameServers, hostingZone(view.facts));
  return {
    domain_connect: presentConnect(view, panel?.url ?? null),
    panel:
      panel === null
        ? null
        : {
            provider: panel.provider,
            url: panel.url,
            names: panel.names,
            has_proxy: panel.hasProxy,
          },
  };
}

function presentConnect(
  { connect, links }: DomainView,
  panelUrl: string | null,
): SetupAnswer['domain_connect'] {
  if (connect === null) return null;
  return {
    state: connect.state,
    provider: connect.provider === null ? null : { ...connect.provider },
    zone: connect.zone,
    host: connect.host,
    url: links?.url ?? null,
    prepare_url: links?.prepareUrl ?? null,
    window: connect.window === null ? null : { ...connect.window },
    writes: [...connect.writes],
    replaces: connect.replaces.map((each) => ({ ...each, values: [...each.values] })),
    pair:
      connect.pair === null
        ? null
        : {
            hostname: connect.pair.hostname,
            name: connect.pair.name,
            type: 'CNAME',
            value: connect.pair.value,
          },
    control_panel: connect.controlPanel ?? panelUrl,
    checked_at: isoOrNull(connect.checkedAt),
  };
}
