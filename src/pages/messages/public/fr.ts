import type { PublicMessages } from './en.js';

export const publicFr: PublicMessages = {
  'create.title': 'Envoyer un message sécurisé',
  'create.lead':
    'Vous obtenez un lien qui s’ouvre une seule fois. Ensuite, ou une fois le délai écoulé, le message n’existe plus.',
  'create.message': 'Votre message',
  'create.size':
    'Jusqu’à {bytes, number} octets : autant de lettres de A à Z, ou environ moitié moins dans d’autres alphabets.',
  'create.lifetime': 'Supprimer sans lecture après',
  'create.addPassphrase': 'Ajouter une phrase secrète',
  'create.passphrase': 'Phrase secrète, de {min} à {max} caractères',
  'create.passphraseHint': 'Communiquez-la à l’autre personne par un autre moyen que le lien.',
  'create.attempts': 'Supprimer après ce nombre de phrases erronées (facultatif)',
  'create.attemptsHint':
    'De 1 à {max}. Quiconque a le lien peut les épuiser, et plus personne ne peut alors lire le message.',
  'create.submit': 'Créer le lien',
  'create.generate': 'Générer plutôt un mot de passe',
  'create.generator': 'Comment générer un mot de passe',
  'create.ofCharacters': 'Avec des caractères',
  'create.length': 'Combien, de {min} à {max}',
  'create.uppercase': 'Lettres majuscules',
  'create.lowercase': 'Lettres minuscules',
  'create.digits': 'Chiffres',
  'create.symbols': 'Symboles comme ! et %',
  'create.ofWords': 'Avec des mots anglais',
  'create.words': 'Combien de mots, de {min} à {max}',
  'create.strength':
    '12 caractères ou 6 mots ne se devinent pas à travers un réseau, 16 caractères ou 8 mots par aucun ordinateur. Les caractères qui se ressemblent sont exclus.',
  'create.refused.blank': 'Il n’y a rien à lire dans votre message. Écrivez d’abord quelque chose.',
  'create.refused.attempts':
    'Le nombre de phrases erronées qui suppriment le message est un nombre entier de 1 à {max}. Laissez le champ vide pour ne pas fixer de limite.',
  'create.refused.attemptsAlone':
    'Ajoutez aussi une phrase secrète : vous avez choisi combien de phrases erronées suppriment le message.',
  'create.refused.length':
    'Le nombre de caractères d’un mot de passe est un nombre entier de {min} à {max}.',
  'create.refused.words':
    'Le nombre de mots d’un mot de passe est un nombre entier de {min} à {max}.',
  'create.refused.sets': 'Choisissez au moins une sorte de caractères pour le mot de passe.',
  'create.refused.tooLong':
    'Votre message est trop long : {bytes, number} octets au plus. Rien n’a été enregistré.',
  'create.refused.passphraseShort':
    'La phrase secrète est trop courte : il faut au moins {min} caractères.',
  'create.refused.passphraseLong': 'La phrase secrète est trop longue : {max} caractères au plus.',
  'create.refused.passphraseMissing': 'Une phrase secrète est nécessaire ici. Ajoutez-en une.',
  'create.refused.other':
    'Votre message n’a pas pu être enregistré ainsi. Vérifiez ce que vous avez écrit.',
  'create.refused.notHere':
    'Votre message n’a pas été enregistré : on n’écrit pas de nouveaux messages ici.',
  'create.notStored': 'Votre message n’a pas pu être enregistré.',
  'create.elsewhere':
    'Le bouton a été pressé deux fois, et la première pression a créé votre lien : revenez à sa réponse, dans cet onglet ou cette fenêtre ou dans un autre. La seconde pression n’a rien créé. Si vous ne trouvez pas la réponse, créez le lien à nouveau ; le premier, que personne n’a alors, s’éteindra sans être lu.',
  'create.inWork':
    'Le bouton a été pressé deux fois, et la première pression est encore en cours : attendez sa réponse, dans cet onglet ou cette fenêtre ou dans un autre. La seconde pression n’a rien créé.',
  'created.title': 'Votre lien est prêt',
  'created.link': 'Lien à envoyer',
  'created.once':
    'Ne l’ouvrez pas vous-même : il s’ouvre une seule fois, pour la première personne venue.',
  'created.showQr': 'Afficher un code QR',
  'created.qr': 'Le lien sous forme de code QR',
  'created.passphrase': 'L’autre personne a aussi besoin de votre phrase secrète.',
  'created.generated': 'Mot de passe généré',
  'created.generatedHint':
    'Copiez-le maintenant si vous en avez besoin : il est affiché pendant une minute.',
  'created.weak':
    'Il peut être deviné par quiconque peut essayer assez longtemps ({bits, number} bits) : ne l’utilisez que là où peu d’essais sont permis.',
  'created.good':
    'Il est fort : personne ne peut le deviner à travers un réseau ({bits, number} bits).',
  'created.strong': 'Il est très fort : aucun ordinateur ne peut le deviner ({bits, number} bits).',
  'created.mail': 'Envoyer le lien par e-mail',
  'created.mailTo': 'Adresse e-mail de l’autre personne',
  'created.mailHint': 'Nous l’envoyons en votre nom, une fois. Votre adresse figure dans l’e-mail.',
  'created.mailed': 'Le lien est en route vers {to}.',
  'created.addressWrong': 'Ce n’est pas une adresse e-mail. Rien n’a été envoyé.',
  'created.notMailed':
    'Le lien n’a pas été envoyé : il y a eu trop d’e-mails, ou aucun ne part vers cette adresse. Envoyez-le vous-même.',
  'created.afterwards': 'Ensuite',
  'created.receipt':
    'Le reçu dit si le message a été ouvert, et permet de le supprimer avant. Il est à vous : ne l’envoyez pas avec le lien.',
  'created.toReceipt': 'Voir le reçu',
  'created.another': 'Envoyer un autre message',
  'envelope.title': 'Vous avez un message sécurisé',
  'envelope.lead':
    'Il s’ouvre une seule fois. Il est ensuite supprimé : ouvrez-le là où vous pouvez le lire ou le copier.',
  'envelope.passphrase': 'Phrase secrète',
  'envelope.open': 'Ouvrir le message',
  'envelope.confirm': 'Oui, l’ouvrir maintenant pour moi',
  'envelope.unconfirmed':
    'Rien n’a encore été ouvert. Cochez la case, puis pressez le bouton : les programmes qui vérifient les liens ne la cochent pas.',
  'envelope.stale':
    'Rien n’a encore été ouvert : cette page est restée affichée longtemps. Pressez le bouton encore une fois.',
  'envelope.notOpened': 'Rien ne s’est ouvert. Vérifiez la phrase secrète et réessayez.',
  'envelope.tooManyTries':
    'Il y a eu trop d’essais avec une phrase secrète erronée. Rien n’a été ouvert.',
  'envelope.busy': 'Rien n’a été ouvert : il y a trop de demandes en ce moment.',
  'revealed.title': 'Votre message sécurisé',
  'revealed.message': 'Message',
  'revealed.copy':
    'Copiez-le maintenant si vous en avez besoin. Il est déjà supprimé ici, et cette page ne peut pas être ouverte à nouveau.',
  'revealed.done': 'Quand vous avez terminé, vous pouvez fermer cette fenêtre.',
  'revealed.download': 'Enregistrer en fichier texte',
  'revealed.file': 'message',
  'revealed.clearAfter': 'Effacer cette page',
  'revealed.clearLater': 'quand je la quitte',
  'revealed.clearIn': '{minutes, plural, one {après une minute} other {après # minutes}}',
  'revealed.cleared':
    'Le message a été effacé de cette page. Il ne peut pas être affiché à nouveau.',
  'gone.title': 'Il n’y a pas de message ici',
  'gone.why':
    'Il a peut-être déjà été ouvert, ou supprimé par son expéditeur, ou son délai est écoulé. Ou le lien est incomplet : vérifiez que vous l’avez en entier.',
  'gone.twice':
    'Si vous venez de presser un bouton deux fois, la première pression l’a peut-être ouvert, et sa réponse ne vous est pas parvenue.',
  'gone.ask':
    'Si vous ne l’avez pas ouvert vous-même, dites-le à la personne qui vous l’a envoyé et demandez un nouveau lien.',
  'gone.write': 'Demander un nouveau lien par e-mail',
  'gone.subject': 'Merci de m’envoyer un nouveau lien',
  'gone.body':
    'Le lien vers votre message ne s’ouvre pas chez moi, et je n’ai pas lu le message. Merci de vérifier si quelqu’un d’autre l’a ouvert, et de m’envoyer un nouveau lien.',
  'private.title': 'À usage privé',
  'private.text':
    'On n’écrit pas de nouveaux messages ici. Si quelqu’un vous a envoyé un lien, il s’ouvre comme toujours.',
  'private.typed': 'Ce que vous avez écrit, à copier',
  'receipt.title': 'Reçu',
  'receipt.unopened': 'Pas encore ouvert.',
  'receipt.received': 'Il a été ouvert.',
  'receipt.burned': 'Il a été supprimé avant que quelqu’un l’ouvre.',
  'receipt.expired': 'Son délai s’est écoulé avant que quelqu’un l’ouvre.',
  'receipt.orphaned': 'Il n’est plus là, et n’a pas été ouvert.',
  'receipt.passphraseSet': 'Il ne s’ouvre qu’avec sa phrase secrète.',
  'receipt.created': 'Créé',
  'receipt.deletedAfter': 'Supprimé après',
  'receipt.opened': 'Ouvert',
  'receipt.deleted': 'Supprimé',
  'receipt.ended': 'Délai écoulé',
  'receipt.looked': 'Consulté par des programmes',
  'receipt.looks': '{count, plural, one {une fois, en dernier} other {# fois, en dernier}}',
  'receipt.for': 'Pour',
  'receipt.mailed': '{to} (par e-mail)',
  'receipt.attemptsLeft':
    'Il est supprimé sans lecture après {count, plural, =0 {l’essai en cours, s’il est erroné} one {encore une phrase erronée} other {encore # phrases erronées}}.',
  'receipt.showValue': 'Afficher une fois le mot de passe généré',
  'receipt.burnTitle': 'Vous avez changé d’avis ? Supprimer le message',
  'receipt.burnQuestion':
    'Le supprimer avant que quelqu’un l’ouvre ? Son lien n’ouvrira alors plus rien, et c’est irréversible.',
  'receipt.confirm': 'Oui, le supprimer maintenant',
  'receipt.unconfirmed': 'Rien n’a encore été supprimé. Cochez la case, puis pressez le bouton.',
  'receipt.stale':
    'Rien n’a encore été supprimé : cette page est restée affichée longtemps. Pressez le bouton encore une fois.',
  'receipt.burn': 'Supprimer le message maintenant',
  'receipt.wrongPassphrase': 'Ce n’est pas la phrase secrète. Rien n’a été supprimé.',
  'receipt.lastTry':
    'Ce n’est pas la phrase secrète, et c’était le dernier essai : le message est supprimé.',
  'receipt.tooLate': 'Ce n’est plus possible.',
  'receipt.tooManyTries':
    'Il y a eu trop d’essais avec une phrase secrète erronée. Rien n’a été supprimé.',
  'receipt.busy': 'Il y a trop de demandes en ce moment, et rien n’a été fait.',
  'value.title': 'Mot de passe généré',
  'value.label': 'Mot de passe',
  'value.once': 'Copiez-le maintenant : il ne sera plus affiché.',
  'value.back': 'Retour au reçu',
  'pressed.opened.title': 'Votre pression a ouvert le message',
  'pressed.opened.text':
    'Le bouton a été pressé deux fois, et la première pression a ouvert le message. Il se trouve dans l’autre réponse : cherchez-la dans vos autres onglets et fenêtres, et gardez cette page ouverte jusqu’à ce que vous l’ayez copié.',
  'pressed.opened.otherwise':
    'Il ne peut pas être affiché une seconde fois. Si vous ne le trouvez pas, dites à la personne qui vous l’a envoyé qu’il a été perdu par un double clic, et demandez un nouveau lien.',
  'pressed.opened.back': 'Retour au lien',
  'pressed.shown.title': 'Votre pression a affiché le mot de passe',
  'pressed.shown.text':
    'Le bouton a été pressé deux fois, et la première pression a affiché le mot de passe généré. Il se trouve dans l’autre réponse : cherchez-la dans vos autres onglets et fenêtres, et gardez cette page ouverte jusqu’à ce que vous l’ayez copié.',
  'pressed.shown.otherwise':
    'Il ne peut pas être affiché ici une seconde fois. Le lien l’ouvre encore, une fois.',
  'pressed.begun.title': 'Votre pression est encore en cours',
  'pressed.begun.text':
    'Le bouton a été pressé deux fois, et la première pression n’a pas encore reçu de réponse. Si elle arrive, elle est dans votre autre onglet ou fenêtre.',
  'pressed.begun.otherwise':
    'La page précédente montre où en sont les choses. Elle peut être chargée aussi souvent que vous le voulez.',
  'pressed.begun.back': 'Voir où en sont les choses',
  'error.notFound.title': 'Page introuvable',
  'error.notFound.text': 'Il n’y a rien à cette adresse. Vérifiez que vous l’avez en entier.',
  'error.refused.title': 'Utilisez la page elle-même',
  'error.refused.text':
    'Ceci ne venait pas d’une page de ce site ; rien n’a donc été fait. Ouvrez à nouveau le lien et utilisez son bouton.',
  'error.notSignedIn.title': 'Accès non autorisé',
  'error.notSignedIn.text': 'Les identifiants envoyés ne sont pas valables ici.',
  'error.tooLarge.title': 'Trop volumineux',
  'error.tooLarge.text':
    'C’est bien plus que ce qu’un message peut contenir, et rien n’a été enregistré. Revenez en arrière pour le raccourcir : votre navigateur devrait encore avoir ce que vous avez écrit.',
  'error.tooSlow.title': 'Cela a pris trop de temps',
  'error.tooSlow.text':
    'Votre message n’est pas arrivé à temps, et rien n’a été enregistré. Revenez en arrière et réessayez.',
  'error.badRequest.title': 'Cela n’a pas fonctionné',
  'error.badRequest.text': 'La demande n’a pas pu être comprise. Revenez en arrière et réessayez.',
  'error.unavailable.title': 'Réessayez dans un instant',
  'error.unavailable.text':
    'Le service ne répond pas en ce moment. Votre lien reste tel qu’il est.',
  'error.tooMany.title': 'Trop de demandes',
  'error.tooMany.text': 'Trop de demandes sont venues de votre réseau. Rien n’a été fait.',
  'error.unexpected.title': 'Quelque chose s’est mal passé',
  'error.unexpected.text':
    'La faute est de notre côté, et elle est notée. Réessayez dans un instant.',
  'error.stale.title': 'Cette page est antérieure à votre connexion',
  'error.stale.text': 'Rien n’a été fait. Rechargez la page, puis pressez le bouton à nouveau.',
  'error.stale.kept':
    'Rien n’a encore été fait. Vous êtes maintenant connecté en tant que {email}.',
  'error.kept.text':
    'Ce que vous avez envoyé est encore sur cette page. Vous pouvez le renvoyer avec ce bouton.',
  'error.kept.send': 'Envoyer à nouveau',
  'error.gone.title': 'Terminé',
  'error.gone.text': 'Ce n’est plus possible.',
  'error.backToMessage': 'Retour au message',
  'error.retry': 'Réessayer',
  'unsubscribe.wantedTitle': 'Ne plus recevoir ces e-mails ?',
  'unsubscribe.refusedTitle': 'Vous ne recevez plus ces e-mails',
  'unsubscribe.refuse': 'Ne plus m’en envoyer',
  'unsubscribe.want': 'Les envoyer à nouveau',
  'unsubscribe.notices.wanted':
    'Vous recevez des avis sur votre compte et ses domaines. Les codes et les autres e-mails que vous demandez vous-même arrivent dans tous les cas.',
  'unsubscribe.notices.refused':
    'Les avis sur votre compte et ses domaines ne sont plus envoyés à votre adresse.',
  'unsubscribe.links.wanted':
    'Les personnes qui utilisent ce service peuvent vous faire envoyer des liens vers leurs messages.',
  'unsubscribe.links.refused':
    'Les liens vers des messages ne sont plus envoyés à votre adresse, quel que soit l’expéditeur.',
};
