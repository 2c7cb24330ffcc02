import type { BrandMessages } from './en.js';

export const brandDe: BrandMessages = {
  'brand.save': 'Speichern',
  'brand.saved': 'Gespeichert. Es gilt ab jetzt.',
  'brand.refused': 'Es wurde nichts gespeichert. Unten steht, was einen anderen Wert braucht.',

  'policy.title': 'Regeln für Nachrichten',
  'policy.lead':
    'Diese Regeln gelten für jede Nachricht mit einem Link auf {name}, ob auf den Seiten oder über die API geschrieben.',
  'policy.who': 'Wer Links erzeugen darf',
  'policy.whoHint':
    'Links auf {name} darf jeder öffnen. Erzeugen dürfen sie Sie und Ihr Konto. Besucher ohne Konto dürfen es nur, wo Sie es erlauben.',
  'policy.homepage': 'Besucher dürfen auf den Seiten Nachrichten schreiben',
  'policy.api': 'Programme dürfen über die API ohne Zugangsdaten Nachrichten erzeugen',
  'policy.lifetimes': 'Wie lange Nachrichten warten',
  'policy.max': 'Höchstens',
  'policy.maxNone': 'So lange Ihr Tarif erlaubt ({time})',
  'policy.default': 'Wenn keine Zeit gewählt ist',
  'policy.defaultNone': '7 Tage, oder weniger, wo das zu lang ist',
  'policy.passphrases': 'Passphrasen',
  'policy.required': 'Jede Nachricht braucht eine Passphrase',
  'policy.shortest': 'Kürzeste Passphrase',
  'policy.shortestHint': 'In Zeichen, von {min} bis {max}. Leer: {min}.',
  'policy.where': 'Wo sich Links öffnen',
  'policy.region': 'Links öffnen sich auch mit {host} an Stelle von {name}',
  'policy.regionHint':
    'Sonst öffnen sie sich nur auf {name}. Eine Änderung gilt sofort, auch für ältere Links.',
  'policy.refused.order': 'Das ist länger als die längste Zeit, die Sie erlauben.',
  'policy.refused.time': 'Wählen Sie eine dieser Zeiten.',
  'policy.refused.length': 'Geben Sie eine ganze Zahl von {min} bis {max} ein, oder nichts.',
};
