import type { TransferMessages } from './en.js';

export const transferDe: TransferMessages = {
  'transfer.title': 'Einem anderen Konto geben',
  'transfer.lead':
    'Sie bekommen einen Code. Wer ihn innerhalb von sieben Tagen in einem anderen Konto eingibt, hat diese Domain.',
  'transfer.goes':
    'Zertifikat, Aussehen und Regeln gehen mit. Im DNS ändert sich nichts, und der Name bleibt in Betrieb.',
  'transfer.stays': 'Nachrichten und Belege bleiben bei dem Konto, das sie erstellt hat.',
  'transfer.ends': 'Links für Ihre DNS-Verwaltung enden.',
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
    'Sie haben so viele Domains, wie Ihr Tarif erlaubt. Entfernen Sie erst eine, dann geben Sie den Code noch einmal ein.',
};
