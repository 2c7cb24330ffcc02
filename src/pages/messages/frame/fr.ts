import type { FrameMessages } from './en.js';

export const frameFr: FrameMessages = {
  'frame.language': 'Langue',
  'frame.copy': 'Copier',
  'frame.copied': 'Copié',
  'frame.selected': 'Sélectionné : copiez maintenant',
  'frame.show': 'Afficher',
  'frame.hide': 'Masquer',
  'frame.tooLarge': 'C’est bien plus que ce qu’un message peut contenir. Rien n’a été envoyé.',
  'frame.skip': 'Aller au contenu',
  'frame.tryAgain':
    '{seconds, plural, one {Réessayez dans une seconde.} other {Réessayez dans # secondes.}}',
  'frame.tryAgainLong':
    '{seconds, plural, other {Réessayez dans # secondes}}, soit {minutes, plural, one {une minute} other {# minutes}}.',
  'frame.support': 'Une question ? Écrivez à {email}.',
};
