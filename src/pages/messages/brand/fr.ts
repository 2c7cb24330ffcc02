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
};
