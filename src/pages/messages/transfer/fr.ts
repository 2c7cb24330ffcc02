import type { TransferMessages } from './en.js';

export const transferFr: TransferMessages = {
  'transfer.title': 'Donner à un autre compte',
  'transfer.lead':
    'Vous recevez un code. Qui le saisit dans un autre compte dans les sept jours obtient ce domaine.',
  'transfer.goes':
    'Le certificat, l’apparence et les règles suivent. Rien ne change dans le DNS, et le nom reste en service.',
  'transfer.pair.goes': '{other}, qui mène ici, part avec lui vers un compte de cette région.',
  'transfer.pair.parts': 'Ce nom mène à {other}. Une fois donné, il n’y mène plus.',
  'transfer.stays': 'Les messages et les reçus restent au compte qui les a créés.',
  'transfer.ends': 'Les liens pour la gestion de votre DNS prennent fin.',
  'transfer.elsewhere':
    'Dans une autre région, le nom reçoit son propre certificat ; l’apparence et les règles restent ici. Ensuite vous changez un enregistrement : la page du domaine dit quand.',
  'transfer.make': 'Créer un code',
  'transfer.another': 'Créer un autre code',
  'transfer.made': 'Votre code. Il n’est affiché qu’une fois.',
  'transfer.code': 'Code pour l’autre compte',
  'transfer.open': 'Un code est valable jusqu’au {date}. Un autre y met fin.',
  'transfer.expired': 'Le code n’a pas été utilisé à temps.',
  'transfer.cancel': 'Annuler le code',
  'transfer.unproven': 'Seul un domaine prouvé peut être donné.',
  'receive.open': 'J’ai un code',
  'receive.title': 'Reprendre le domaine d’un autre compte',
  'receive.lead':
    'Le propriétaire d’un domaine vous a donné un code. Saisissez-le, et le domaine est dans votre compte.',
  'receive.code': 'Code',
  'receive.submit': 'Reprendre le domaine',
  'receive.refused.TRANSFER_CODE':
    'Ce code ne donne aucun domaine : il est faux, a été utilisé ou annulé, ou son délai est passé. Demandez-en un nouveau.',
  'receive.refused.TRANSFER_OWN': 'Le domaine de ce code est déjà dans votre compte.',
  'receive.refused.DOMAIN_LIMIT':
    'Votre offre n’a pas de place pour lui ; une paire de noms prend deux places. Retirez d’abord un domaine, puis saisissez à nouveau le code.',
  'transfer.region': 'Où se trouve l’autre compte',
  'transfer.here': 'Cette région ({region})',
  'move.out.preparing':
    'Passage dans la région {region} : le nom y obtient d’abord son certificat. Ne changez encore aucun enregistrement.',
  'move.out.ready_to_switch':
    'Prêt à basculer : la région {region} sert le nom. Changez son enregistrement comme le montre la page du domaine là-bas.',
  'move.out.switched':
    'Le nom mène à la région {region}. Cette demande prend fin d’elle-même après deux jours ainsi. Les liens créés ici s’ouvrent sur l’hôte de cette région.',
  'move.in.preparing':
    'Venant de la région {region} : le nom obtient d’abord son certificat ici. Ne changez encore aucun enregistrement.',
  'move.in.ready_to_switch':
    'Prêt à basculer : cette région sert le nom. Changez l’enregistrement comme indiqué ci-dessous.',
  'move.in.switched':
    'Le nom mène ici. Dans la région {region}, il prend fin de lui-même deux jours plus tard.',
  'move.cancel': 'Annuler le passage',
  'receive.refused.REGION_UNREACHABLE':
    'L’autre région n’a pas pu être jointe pour ce code. Attendez un moment, puis saisissez-le de nouveau.',
  'receive.refused.CONFLICT_OTHER_CLAIM': 'Un autre compte de cette région a prouvé ce nom.',
  'receive.refused.MOVE_OPEN':
    'Ce nom passe déjà d’une région à une autre. Le code sera valable quand ce passage sera terminé ou que l’une des deux parties l’aura annulé.',
};
