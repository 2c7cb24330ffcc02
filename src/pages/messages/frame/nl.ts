import type { FrameMessages } from './en.js';

export const frameNl: FrameMessages = {
  'frame.language': 'Taal',
  'frame.copy': 'Kopiëren',
  'frame.copied': 'Gekopieerd',
  'frame.selected': 'Geselecteerd: kopieer het nu',
  'frame.show': 'Tonen',
  'frame.hide': 'Verbergen',
  'frame.tooLarge': 'Dat is veel meer dan er in één bericht past. Er is niets verzonden.',
  'frame.skip': 'Naar de inhoud',
  'frame.tryAgain':
    '{seconds, plural, one {Probeer het over een seconde opnieuw.} other {Probeer het over # seconden opnieuw.}}',
  'frame.tryAgainLong':
    '{seconds, plural, other {Probeer het over # seconden opnieuw}}, dat {minutes, plural, one {is een minuut} other {zijn # minuten}}.',
  'frame.support': 'Vragen? Schrijf naar {email}.',
};
