import type { FrameMessages } from './en.js';

export const frameDe: FrameMessages = {
  'frame.language': 'Sprache',
  'frame.copy': 'Kopieren',
  'frame.copied': 'Kopiert',
  'frame.selected': 'Markiert: jetzt kopieren',
  'frame.show': 'Zeigen',
  'frame.hide': 'Verbergen',
  'frame.tooLarge': 'Das ist weit mehr, als in eine Nachricht passt. Es wurde nichts gesendet.',
  'frame.skip': 'Zum Inhalt',
  'frame.tryAgain':
    '{seconds, plural, one {Versuchen Sie es in einer Sekunde wieder.} other {Versuchen Sie es in # Sekunden wieder.}}',
  'frame.tryAgainLong':
    '{seconds, plural, other {Versuchen Sie es in # Sekunden wieder}}, das {minutes, plural, one {ist eine Minute} other {sind # Minuten}}.',
  'frame.support': 'Fragen? Schreiben Sie an {email}.',
};
