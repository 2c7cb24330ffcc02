import type { TransferMessages } from './en.js';

export const transferDe: TransferMessages = {
  'transfer.title': 'Einem anderen Konto geben',
  'transfer.lead':
    'Sie bekommen einen Code. Wer ihn innerhalb von sieben Tagen in einem anderen Konto eingibt, hat diese Domain.',
  'transfer.goes':
    'Zertifikat, Aussehen und Regeln gehen mit. Im DNS ändert sich nichts, und der Name bleibt in Betrieb.',
  'transfer.pair.goes': '{other} führt hierher und geht zu einem Konto dieser Region mit.',
  'transfer.pair.parts': 'Dieser Name führt zu {other}. Weggegeben tut er das nicht mehr.',
  'transfer.stays': 'Nachrichten und Belege bleiben bei dem Konto, das sie erstellt hat.',
  'transfer.ends': 'Links für Ihre DNS-Verwaltung enden.',
  'transfer.elsewhere':
    'In einer anderen Region bekommt der Name ein eigenes Zertifikat; Aussehen und Regeln bleiben hier. Danach ändern Sie einen Eintrag; die Seite der Domain sagt, wann.',
  'transfer.make': 'Code erzeugen',
  'transfer.another': 'Anderen Code erzeugen',
  'transfer.made': 'Ihr Code. Er wird nur dieses eine Mal gezeigt.',
  'transfer.code': 'Code für das andere Konto',
  'transfer.open': 'Ein Code gilt bis {date}. Ein anderer beendet ihn.',
  'transfer.expired': 'Der Code wurde nicht rechtzeitig benutzt.',
  'transfer.cancel': 'Code zurückziehen',
  'transfer.unproven': 'Nur eine nachgewiesene Domain kann weggegeben werden.',
  'receive.open': 'Ich habe einen Code',
  'receive.title': 'Eine Domain von einem anderen Konto übernehmen',
  'receive.lead':
    'Wem eine Domain gehört, hat Ihnen einen Code gegeben. Geben Sie ihn ein, dann ist die Domain in Ihrem Konto.',
  'receive.code': 'Code',
  'receive.submit': 'Domain übernehmen',
  'receive.refused.TRANSFER_CODE':
    'Dieser Code gibt keine Domain: Er ist falsch, wurde benutzt oder zurückgezogen, oder seine Zeit ist um. Bitten Sie um einen neuen.',
  'receive.refused.TRANSFER_OWN': 'Die Domain dieses Codes ist schon in Ihrem Konto.',
  'receive.refused.DOMAIN_LIMIT':
    'Ihr Tarif hat keinen Platz dafür; ein Namenspaar braucht zwei Plätze. Entfernen Sie erst eine Domain, dann geben Sie den Code noch einmal ein.',
  'transfer.region': 'Wo das andere Konto ist',
  'transfer.here': 'Diese Region ({region})',
  'move.out.preparing':
    'Umzug in die Region {region}: Dort bekommt der Name zuerst sein Zertifikat. Ändern Sie noch keinen Eintrag.',
  'move.out.ready_to_switch':
    'Bereit zum Umstellen: Die Region {region} bedient den Namen. Ändern Sie den Eintrag, der hierher führt, so wie die Seite der Domain dort es zeigt.',
  'move.out.switched':
    'Der Name führt in die Region {region}. Dieser Anspruch endet von selbst, wenn das zwei Tage so war. Links von hier öffnen sich auf dem eigenen Host dieser Region.',
  'move.in.preparing':
    'Umzug aus der Region {region}: Der Name bekommt hier zuerst sein Zertifikat. Ändern Sie noch keinen Eintrag.',
  'move.in.ready_to_switch':
    'Bereit zum Umstellen: Diese Region bedient den Namen. Ändern Sie den Eintrag wie unten gezeigt.',
  'move.in.switched':
    'Der Name führt hierher. In der Region {region} endet er zwei Tage später von selbst.',
  'move.cancel': 'Umzug abbrechen',
  'receive.refused.REGION_UNREACHABLE':
    'Die andere Region war für diesen Code nicht zu erreichen. Warten Sie kurz, dann geben Sie ihn noch einmal ein.',
  'receive.refused.CONFLICT_OTHER_CLAIM':
    'Ein anderes Konto dieser Region hat den Namen nachgewiesen.',
  'receive.refused.MOVE_OPEN':
    'Dieser Name zieht schon zwischen zwei Regionen um. Der Code gilt, wenn das beendet ist oder eine der beiden Seiten es abgebrochen hat.',
};
