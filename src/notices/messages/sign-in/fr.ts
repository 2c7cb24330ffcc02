import type { SignInMessages } from '../messages.js';

export const signIn: SignInMessages = {
  signUp: {
    subject: 'Terminez la création de votre compte',
    lead: (host) => `Quelqu’un veut créer un compte sur ${host} avec cette adresse.`,
    action: 'Créer le compte',
    ignore: 'Si ce n’était pas vous, ne faites rien : sans le lien, aucun compte n’est créé.',
  },
  known: {
    subject: 'Vous avez déjà un compte',
    lead: (host) =>
      `Quelqu’un voulait créer un compte sur ${host} avec cette adresse. Elle en a déjà un : connectez-vous comme d’habitude, ou choisissez un nouveau mot de passe.`,
    action: 'Choisir un nouveau mot de passe',
    ignore: 'Si ce n’était pas vous, ne faites rien : le mot de passe reste le même.',
  },
  password: {
    subject: 'Choisissez un nouveau mot de passe',
    lead: (host) => `Quelqu’un a demandé un nouveau mot de passe pour votre compte sur ${host}.`,
    action: 'Choisir un nouveau mot de passe',
    ignore: 'Si ce n’était pas vous, ne faites rien : le mot de passe reste le même.',
  },
  unknownSubject: 'Aucun compte avec cette adresse',
  unknown: (host) =>
    `Quelqu’un a demandé un nouveau mot de passe sur ${host} avec cette adresse. Elle n’y permet de se connecter à aucun compte.`,
  unknownRemedy: 'Si c’était vous, essayez vos autres adresses. Sinon, ne faites rien.',
  once: (when) => `Le lien fonctionne une fois, jusqu’au ${when}.`,
  changedBy: (when, browser, network) =>
    `Quand : ${when}. Navigateur : ${browser}. Réseau : ${network}.`,
  unknownBrowser: 'inconnu',
  undo: 'Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe, puis vérifiez les sessions, les clés d’accès et les jetons de votre compte.',
  passwordChanged: {
    subject: 'Votre mot de passe a été défini',
    lead: (host) =>
      `Le mot de passe de votre compte sur ${host} a été défini. Tous les autres navigateurs sont déconnectés.`,
  },
  passwordRemoved: {
    subject: 'Votre mot de passe a été supprimé',
    lead: (host) =>
      `Votre compte sur ${host} n’a plus de mot de passe. Vous vous connectez avec une clé d’accès.`,
  },
  passkeyAdded: {
    subject: 'Une clé d’accès a été ajoutée',
    lead: (host, name) =>
      `La clé d’accès « ${name} » permet maintenant de se connecter à votre compte sur ${host}.`,
  },
  passkeyRemoved: {
    subject: 'Une clé d’accès a été supprimée',
    lead: (host, name) =>
      `La clé d’accès « ${name} » ne permet plus de se connecter à votre compte sur ${host}.`,
  },
  secondFactorOn: {
    subject: 'Un code est demandé à la connexion',
    lead: (host) =>
      `Le mot de passe seul ne suffit plus pour votre compte sur ${host} : un code de votre application d’authentification est aussi demandé.`,
  },
  secondFactorOff: {
    subject: 'Aucun code n’est plus demandé à la connexion',
    lead: (host) =>
      `Le mot de passe seul suffit de nouveau pour votre compte sur ${host}. Les codes de secours sont annulés.`,
  },
  recoveryCodesRenewed: {
    subject: 'Vous avez de nouveaux codes de secours',
    lead: (host) =>
      `Les codes de secours de votre compte sur ${host} ont été remplacés. Les anciens sont annulés.`,
  },
  recoveryCodeUsed: {
    subject: 'Un code de secours a été utilisé',
    lead: (host, left) =>
      `Un code de secours a servi à se connecter à votre compte sur ${host}. Codes restants : ${left}.`,
  },
};
