import type { ConnectMessages } from './en.js';

export const connectFr: ConnectMessages = {
  'connect.title': 'En une étape, chez {provider}',
  'connect.lead': '{provider} demande votre accord sur sa propre page, à {host}, puis crée :',
  'connect.replaces': 'Il supprime ce qui gêne :',
  'connect.open': 'Laisser {provider} créer ces enregistrements',
  'connect.prepare': 'Préparer seulement le nom chez {provider}',
  'connect.prepareWhy':
    'Le certificat est ainsi obtenu d’abord. Le nom mène où il mène maintenant, jusqu’à ce que vous le basculiez.',
  'connect.byHand': 'Ou créez-les à la main, comme indiqué ci-dessous.',
  'connect.noTemplate':
    '{provider} ne connaît pas encore ce service : les enregistrements se créent à la main.',
  'panel.open': 'Ouvrir le panneau DNS de {provider}',
  'panel.relative': 'Son champ du nom prend le nom sans le domaine.',
  'panel.absolute': 'Son champ du nom prend le nom complet.',
  'panel.proxy':
    'À côté de chaque enregistrement se trouve le réglage de son proxy : laissez-le sur « DNS only ».',
  'return.title': 'Retour de votre fournisseur DNS',
  'return.returned':
    'Merci. Nous cherchons maintenant les enregistrements de {name}. Cela prend environ une minute.',
  'return.cancelled':
    'Rien n’a été changé pour {name} : vous avez arrêté chez votre fournisseur DNS.',
  'return.rejected':
    'Votre fournisseur DNS a refusé de créer les enregistrements de {name}. Créez-les à la main.',
  'return.unavailable':
    'Votre fournisseur DNS a lui-même une panne. Réessayez plus tard, ou créez à la main les enregistrements de {name}.',
  'return.seen': 'Ce que nous voyons pour l’instant',
  'return.holder':
    'Avec ces enregistrements, un compte de ce service tient {name} et reçoit ses visiteurs.',
  'return.object':
    'Ce n’est pas ce que vous vouliez ? Supprimez les enregistrements chez votre fournisseur DNS et prévenez l’exploitant de ce service.',
  'return.owner': 'Vers la mise en place de {name}',
  'return.gone.title': 'Cette adresse n’est plus valable',
  'return.gone.text':
    'Elle fonctionne deux jours, et seulement tant que dure la revendication du domaine.',
  'issue.SETUP_REPLACES_RECORDS': 'Le fournisseur DNS remplacerait des enregistrements',
  'issue.SETUP_NOT_APPLIED': 'Le fournisseur DNS n’a pas créé les enregistrements',
  'issue.SETUP_CANCELLED': 'Les enregistrements n’ont pas été créés : c’est annulé',
  'issue.SETUP_REJECTED': 'Le fournisseur DNS a refusé de créer les enregistrements',
  'issue.SETUP_KEY_UNPUBLISHED': 'Notre clé pour les fournisseurs DNS n’est pas publiée',
  'why.replaces': '{provider} supprimerait {where}.',
  'fix.check_first': 'Vérifiez d’abord que plus rien n’en a besoin.',
  'fix.again': 'Laissez {provider} créer de nouveau les enregistrements, ou créez-les à la main.',
  'fix.by_hand': 'Créez les enregistrements à la main, comme ils sont indiqués ici.',
  'event.routing.setup_returned': 'Retour du fournisseur DNS',
};
