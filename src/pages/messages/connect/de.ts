import type { ConnectMessages } from './en.js';

export const connectDe: ConnectMessages = {
  'connect.title': 'In einem Schritt, bei {provider}',
  'connect.lead':
    '{provider} fragt auf einer eigenen Seite, bei {host}, nach Ihrer Zustimmung und legt dann an:',
  'connect.replaces': 'Dabei wird entfernt, was im Weg ist:',
  'connect.open': '{provider} diese Einträge anlegen lassen',
  'connect.prepare': 'Den Namen bei {provider} nur vorbereiten',
  'connect.prepareWhy':
    'Damit kommt zuerst das Zertifikat. Der Name führt weiter dorthin, wohin er jetzt führt, bis Sie ihn umstellen.',
  'connect.byHand': 'Oder legen Sie die Einträge von Hand an, wie unten gezeigt.',
  'connect.noTemplate':
    '{provider} kennt diesen Dienst noch nicht, daher werden die Einträge von Hand angelegt.',
  'panel.open': 'DNS-Verwaltung von {provider} öffnen',
  'panel.relative': 'Das Namensfeld dort nimmt den Namen ohne die Domain.',
  'panel.absolute': 'Das Namensfeld dort nimmt den vollständigen Namen.',
  'panel.proxy':
    'Neben jedem Eintrag ist ein Schalter für den Proxy: Lassen Sie ihn auf „DNS only“.',
  'return.title': 'Zurück von Ihrem DNS-Anbieter',
  'return.returned':
    'Danke. Wir suchen jetzt nach den Einträgen von {name}. Das dauert etwa eine Minute.',
  'return.cancelled': 'Für {name} wurde nichts geändert: Sie haben beim DNS-Anbieter abgebrochen.',
  'return.rejected':
    'Ihr DNS-Anbieter hat die Einträge von {name} abgelehnt. Bitte legen Sie sie von Hand an.',
  'return.unavailable':
    'Ihr DNS-Anbieter hat selbst eine Störung. Versuchen Sie es später, oder legen Sie die Einträge von {name} von Hand an.',
  'return.seen': 'Was wir bisher sehen',
  'return.holder':
    'Mit diesen Einträgen hat ein Konto dieses Dienstes {name} und empfängt dessen Besucher.',
  'return.object':
    'Wollten Sie das nicht? Entfernen Sie die Einträge bei Ihrem DNS-Anbieter, und sagen Sie es dem Betreiber dieses Dienstes.',
  'return.owner': 'Zur Einrichtung von {name}',
  'return.gone.title': 'Diese Adresse gilt nicht mehr',
  'return.gone.text': 'Sie gilt zwei Tage, und nur solange der Anspruch auf die Domain besteht.',
  'issue.SETUP_REPLACES_RECORDS': 'Der DNS-Anbieter würde Einträge ersetzen',
  'issue.SETUP_NOT_APPLIED': 'Der DNS-Anbieter hat die Einträge nicht angelegt',
  'issue.SETUP_CANCELLED': 'Die Einträge wurden nicht angelegt: Es wurde abgebrochen',
  'issue.SETUP_REJECTED': 'Der DNS-Anbieter hat die Einträge abgelehnt',
  'issue.SETUP_KEY_UNPUBLISHED': 'Unser Schlüssel für DNS-Anbieter ist nicht veröffentlicht',
  'why.replaces': '{provider} würde entfernen: {where}.',
  'fix.check_first': 'Prüfen Sie zuerst, dass nichts mehr sie braucht.',
  'fix.again': 'Lassen Sie {provider} die Einträge noch einmal anlegen, oder tun Sie es von Hand.',
  'fix.by_hand': 'Legen Sie die Einträge von Hand an, wie sie hier stehen.',
  'event.routing.setup_returned': 'Zurück vom DNS-Anbieter',
};
