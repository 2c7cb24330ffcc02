import type { MailMessages } from './messages.js';
import { signIn } from './sign-in/fr.js';

export const fr: MailMessages = {
  sentBy: (host) => `Envoyé par ${host}. Personne ne lit les réponses à cette adresse.`,
  refuse: { notices: 'Ne plus recevoir d’avis', links: 'Ne plus recevoir de liens de ce service' },
  link: {
    subject: (sender) => `${sender} vous a envoyé un message qui s’ouvre une seule fois`,
    heading: 'Un message vous attend',
    lead: (sender, host) => `${sender} vous a laissé un message sur ${host}.`,
    action: 'Ouvrir le message',
    once: (when) =>
      `Il s’ouvre une seule fois, pour la première personne, jusqu’au ${when}. Ensuite il disparaît.`,
    passphrase: 'Il vous faut aussi une phrase secrète. L’expéditeur la connaît.',
    unexpected:
      'Si vous ne connaissez pas l’expéditeur, renseignez-vous par un autre moyen avant de l’ouvrir.',
  },
  opened: {
    subject: 'Votre message a été ouvert',
    heading: 'Votre message a été ouvert',
    lead: (created, host) =>
      `Le message que vous avez laissé sur ${host} le ${created} a été ouvert.`,
    recipient: (masked) => `Il était destiné à ${masked}.`,
    at: (when) => `Il a été ouvert le ${when} et personne ne peut plus l’ouvrir.`,
    unexpected:
      'Si la personne à qui il était destiné ne l’a pas ouvert, quelqu’un d’autre l’a lu : changez ce qu’il contenait.',
  },
  domainGiven: {
    subject: (domain) => `${domain} appartient à un autre compte`,
    heading: 'Un domaine a été transféré',
    lead: (domain) =>
      `Le domaine ${domain} est passé de votre compte à un autre, avec son certificat et son apparence.`,
    secrets:
      'Les messages que vous avez créés restent à vous : leurs reçus sont dans votre compte.',
    unexpected: 'Si personne chez vous ne l’a cédé, prévenez aussitôt l’exploitant du service.',
  },
  proofMissing: {
    subject: (domain) => `L’enregistrement DNS qui prouve ${domain} est absent`,
    heading: 'Un enregistrement DNS est absent',
    lead: (domain, since) =>
      `L’enregistrement DNS qui prouve que ${domain} vous appartient est introuvable depuis le ${since}.`,
    consequence: (lapses) => `S’il reste absent, la preuve expire le ${lapses}.`,
    remedy: 'Demandez le domaine par l’API : la réponse énumère les enregistrements à créer.',
  },
  certificateTrouble: {
    subject: (domain) => `Le certificat de ${domain} n’est pas renouvelé`,
    heading: 'Un certificat n’est pas renouvelé',
    renewal: (domain) =>
      `Le certificat de ${domain} n’a pas pu être renouvelé. Nous continuons d’essayer.`,
    uploaded: (domain) => `Le certificat que vous avez téléversé pour ${domain} expire bientôt.`,
    until: (when) =>
      `L’actuel est valable jusqu’au ${when} ; ensuite, les navigateurs refusent le nom.`,
    ended: (when) => `Il a expiré le ${when} : les navigateurs refusent le nom.`,
    remedy: 'Demandez le domaine par l’API : « issues » indique ce qui ne va pas et quoi changer.',
    uploadAgain: 'Téléversez-en un nouveau, ou retirez-le : nous obtenons alors les certificats.',
  },
  certificateRenewed: {
    subject: (domain) => `Le certificat de ${domain} est renouvelé`,
    heading: 'Le certificat est renouvelé',
    lead: (domain) =>
      `Le problème du certificat de ${domain} est résolu. Il n’y a plus rien à faire.`,
    until: (when) => `Le nouveau est valable jusqu’au ${when}.`,
  },
  address: {
    oldSubject: 'Confirmez la nouvelle adresse de votre compte',
    newSubject: 'Confirmez votre adresse',
    usedSubject: 'Cette adresse a déjà un compte',
    changedSubject: 'L’adresse de votre compte a changé',
    old: (email) => `Une personne connectée à votre compte veut en changer l’adresse en ${email}.`,
    new: 'Une personne veut que cette adresse devienne celle d’un compte.',
    code: (code) => `Le code de confirmation : ${code}`,
    until: (when) => `Il est valable jusqu’au ${when}. Les deux adresses doivent être confirmées.`,
    ignore:
      'Si ce n’était pas vous, changez les jetons de votre compte et ne donnez le code à personne.',
    ignoreNew: 'Si ce n’était pas vous, ne faites rien.',
    used: 'Une personne voulait que cette adresse devienne celle d’un autre compte. Elle a déjà un compte : rien ne change.',
    changed: (email) =>
      `L’adresse est désormais ${email}. Plus aucun e-mail du compte n’arrive ici.`,
    undo: 'Si ce n’était pas vous, avertissez tout de suite l’exploitant du service.',
  },
  webhookDisabled: {
    subject: (name) => `Le webhook ${name} est désactivé`,
    heading: 'Un webhook est désactivé',
    failing: (name, host) =>
      `Le webhook ${name} sur ${host} n’a rien accepté pendant un jour. Plus rien ne lui est envoyé.`,
    gone: (name, host) =>
      `Le webhook ${name} sur ${host} a répondu qu’il n’existe plus (410). Plus rien ne lui est envoyé.`,
    remedy:
      'Le journal du webhook indique l’issue de chaque essai. Réactivez-le par l’API quand il fonctionne à nouveau.',
  },
  signIn,
};
