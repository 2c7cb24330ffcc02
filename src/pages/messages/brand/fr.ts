import type { BrandMessages } from './en.js';

export const brandFr: BrandMessages = {
  'brand.save': 'Enregistrer',
  'brand.saved': 'Enregistré. Cela vaut dès maintenant.',
  'brand.refused': 'Rien n’a été enregistré. Ci-dessous figure ce qui demande une autre valeur.',

  'policy.title': 'Règles des messages',
  'policy.lead':
    'Ces règles valent pour chaque message dont le lien est sur {name}, écrit sur les pages ou par l’API.',
  'policy.who': 'Qui peut créer',
  'policy.whoHint':
    'Tout le monde peut ouvrir les liens de {name}. Vous et votre compte pouvez en créer. Les visiteurs sans compte ne le peuvent que là où vous l’autorisez.',
  'policy.homepage': 'Les visiteurs peuvent écrire des messages sur les pages',
  'policy.api': 'Les programmes peuvent créer des messages par l’API, sans identifiants',
  'policy.lifetimes': 'Combien de temps les messages attendent',
  'policy.max': 'Au plus',
  'policy.maxNone': 'Autant que votre offre le permet ({time})',
  'policy.default': 'Quand aucune durée n’est choisie',
  'policy.defaultNone': '7 jours, ou moins si c’est trop long',
  'policy.passphrases': 'Phrases secrètes',
  'policy.required': 'Chaque message doit avoir une phrase secrète',
  'policy.shortest': 'Phrase secrète la plus courte',
  'policy.shortestHint': 'En caractères, de {min} à {max}. Vide : {min}.',
  'policy.where': 'Où les liens s’ouvrent',
  'policy.region': 'Les liens s’ouvrent aussi avec {host} à la place de {name}',
  'policy.regionHint':
    'Sinon, ils ne s’ouvrent que sur {name}. Un changement vaut aussitôt, même pour les liens déjà créés.',
  'policy.refused.order': 'C’est plus long que la durée maximale que vous autorisez.',
  'policy.refused.time': 'Choisissez une de ces durées.',
  'policy.refused.length': 'Saisissez un nombre entier de {min} à {max}, ou rien.',

  'images.title': 'Logo et icône',
  'images.lead': 'Sur chaque page de {name}, dans ses e-mails et dans l’onglet du navigateur.',
  'images.logo': 'Logo',
  'images.logo-dark': 'Logo sur les pages sombres',
  'images.icon': 'Icône',
  'images.logo.hint': 'À la place du nom, en haut de chaque page : 40 pixels de haut.',
  'images.logo-dark.hint':
    'Quand l’appareil est réglé en sombre. Sans lui, le logo y figure aussi.',
  'images.icon.hint':
    'Dans l’onglet du navigateur et sur l’écran d’accueil d’un téléphone. Un carré de 180 pixels ou plus convient le mieux.',
  'images.limits': 'PNG, JPEG ou WebP, {bytes, number} octets au plus.',
  'images.now': '{kind}, tel quel maintenant',
  'images.choose': 'Choisir un fichier',
  'images.replace': 'Choisir un autre fichier',
  'images.upload': '{kind} : envoyer',
  'images.remove': '{kind} : retirer',
  'images.refused': 'L’image n’a pas été prise. Ce qui était là avant est resté.',
  'images.refused.IMAGE_MISSING': 'Aucun fichier n’a été choisi.',
  'images.refused.IMAGE_TOO_LARGE':
    'Le fichier a plus de {bytes, number} octets. Enregistrez l’image en plus petit.',
  'images.refused.IMAGE_FORMAT':
    'Ce n’est pas une image PNG, JPEG ou WebP. Les fichiers SVG ne sont pas pris, car ils peuvent contenir des programmes : exportez le vôtre en PNG.',
  'images.refused.IMAGE_ANIMATED': 'L’image est animée. Prenez-en une qui est fixe.',
  'images.refused.IMAGE_PIXELS':
    'L’image a plus de {millions, number} millions de pixels. Enregistrez-la en plus petit.',
  'images.refused.IMAGE_SLOW':
    'La lecture de l’image prend trop de temps. Prenez-en une plus simple.',
  'images.refused.IMAGE_DAMAGED':
    'Le fichier est abîmé ou incomplet. Enregistrez de nouveau l’image et choisissez ce fichier.',
  'images.refused.busy': 'Trop d’images sont en cours de lecture en ce moment.',
  'images.tooLarge':
    'Le fichier est bien plus grand qu’une image ne peut l’être ici, et rien n’a été changé. Choisissez-en un de {bytes, number} octets au plus.',
};
