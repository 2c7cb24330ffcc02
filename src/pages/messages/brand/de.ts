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

  'images.title': 'Logo und Symbol',
  'images.lead': 'Auf jeder Seite von {name}, in den Mails und im Tab des Browsers.',
  'images.logo': 'Logo',
  'images.logo-dark': 'Logo auf dunklen Seiten',
  'images.icon': 'Symbol',
  'images.logo.hint': 'An der Stelle des Namens, über jeder Seite: dort 40 Pixel hoch.',
  'images.logo-dark.hint': 'Wo das Gerät auf dunkel gestellt ist. Sonst steht auch dort das Logo.',
  'images.icon.hint':
    'Im Tab des Browsers und auf dem Startbildschirm eines Telefons. Am besten ein Quadrat ab 180 Pixeln.',
  'images.limits': 'PNG, JPEG oder WebP, höchstens {bytes, number} Bytes.',
  'images.now': '{kind}, wie es jetzt ist',
  'images.choose': 'Datei auswählen',
  'images.replace': 'Andere Datei auswählen',
  'images.upload': '{kind}: hochladen',
  'images.remove': '{kind}: entfernen',
  'images.refused': 'Das Bild wurde nicht übernommen. Was vorher da war, ist geblieben.',
  'images.refused.IMAGE_MISSING': 'Es wurde keine Datei ausgewählt.',
  'images.refused.IMAGE_TOO_LARGE':
    'Die Datei hat mehr als {bytes, number} Bytes. Speichern Sie das Bild kleiner.',
  'images.refused.IMAGE_FORMAT':
    'Das ist kein Bild in PNG, JPEG oder WebP. SVG-Dateien werden nicht genommen, weil sie Programme enthalten können: Exportieren Sie Ihre als PNG.',
  'images.refused.IMAGE_ANIMATED': 'Das Bild ist animiert. Nehmen Sie eines, das stillsteht.',
  'images.refused.IMAGE_PIXELS':
    'Das Bild hat mehr als {millions, number} Millionen Pixel. Speichern Sie es kleiner.',
  'images.refused.IMAGE_SLOW': 'Das Bild zu lesen dauert zu lange. Nehmen Sie ein einfacheres.',
  'images.refused.IMAGE_DAMAGED':
    'Die Datei ist beschädigt oder unvollständig. Speichern Sie das Bild noch einmal und wählen Sie diese Datei.',
  'images.refused.busy': 'Gerade werden zu viele Bilder gelesen.',
  'images.tooLarge':
    'Die Datei ist weit größer, als ein Bild hier sein darf, und es wurde nichts geändert. Wählen Sie eine mit höchstens {bytes, number} Bytes.',
};
