import type { PublicMessages } from './en.js';

export const publicDe: PublicMessages = {
  'create.title': 'Eine sichere Nachricht senden',
  'create.lead':
    'Sie erhalten einen Link, der sich einmal öffnen lässt. Danach, oder wenn die Zeit abgelaufen ist, ist die Nachricht weg.',
  'create.message': 'Ihre Nachricht',
  'create.size':
    'Bis zu {bytes, number} Byte: so viele Buchstaben von A bis Z, oder etwa halb so viele anderer Schriften.',
  'create.lifetime': 'Ungelesen löschen nach',
  'create.addPassphrase': 'Eine Passphrase hinzufügen',
  'create.passphrase': 'Passphrase, {min} bis {max} Zeichen',
  'create.passphraseHint':
    'Teilen Sie sie der anderen Person auf einem anderen Weg mit als den Link.',
  'create.attempts': 'Nach so vielen falschen Passphrasen löschen (freiwillig)',
  'create.attemptsHint':
    '1 bis {max}. Wer den Link hat, kann sie verbrauchen, und dann kann niemand die Nachricht lesen.',
  'create.submit': 'Link erzeugen',
  'create.generate': 'Stattdessen ein Passwort erzeugen',
  'create.generator': 'Wie ein Passwort erzeugt wird',
  'create.ofCharacters': 'Aus Zeichen',
  'create.length': 'Wie viele, {min} bis {max}',
  'create.uppercase': 'Großbuchstaben',
  'create.lowercase': 'Kleinbuchstaben',
  'create.digits': 'Ziffern',
  'create.symbols': 'Sonderzeichen wie ! und %',
  'create.ofWords': 'Aus englischen Wörtern',
  'create.words': 'Wie viele Wörter, {min} bis {max}',
  'create.strength':
    '12 Zeichen oder 6 Wörter lassen sich über ein Netz nicht erraten, 16 Zeichen oder 8 Wörter von gar keinem Rechner. Zeichen, die sich ähnlich sehen, kommen nicht vor.',
  'create.refused.blank': 'In Ihrer Nachricht gibt es nichts zu lesen. Schreiben Sie zuerst etwas.',
  'create.refused.attempts':
    'Wie viele falsche Passphrasen die Nachricht löschen, ist eine ganze Zahl von 1 bis {max}. Lassen Sie das Feld leer, wenn es keine Grenze geben soll.',
  'create.refused.attemptsAlone':
    'Fügen Sie auch eine Passphrase hinzu: Sie haben gewählt, wie viele falsche die Nachricht löschen.',
  'create.refused.length':
    'Wie viele Zeichen ein Passwort hat, ist eine ganze Zahl von {min} bis {max}.',
  'create.refused.words':
    'Wie viele Wörter ein Passwort hat, ist eine ganze Zahl von {min} bis {max}.',
  'create.refused.sets': 'Wählen Sie mindestens eine Art von Zeichen für das Passwort.',
  'create.refused.tooLong':
    'Ihre Nachricht ist zu lang: Es passen bis zu {bytes, number} Byte. Es wurde nichts gespeichert.',
  'create.refused.passphraseShort':
    'Die Passphrase ist zu kurz: Sie braucht mindestens {min} Zeichen.',
  'create.refused.passphraseLong': 'Die Passphrase ist zu lang: Es passen bis zu {max} Zeichen.',
  'create.refused.passphraseMissing': 'Hier wird eine Passphrase gebraucht. Fügen Sie eine hinzu.',
  'create.refused.other':
    'Ihre Nachricht konnte so nicht gespeichert werden. Prüfen Sie, was Sie geschrieben haben.',
  'create.refused.notHere':
    'Ihre Nachricht wurde nicht gespeichert: Hier werden keine neuen Nachrichten geschrieben.',
  'create.notStored': 'Ihre Nachricht konnte nicht gespeichert werden.',
  'create.elsewhere':
    'Die Schaltfläche wurde zweimal gedrückt, und der erste Druck hat Ihren Link erzeugt: Gehen Sie zurück zu seiner Antwort, in diesem oder einem anderen Tab oder Fenster. Dieser zweite Druck hat nichts erzeugt. Wenn Sie die Antwort nicht finden, erzeugen Sie den Link noch einmal; der erste, den dann niemand hat, endet ungelesen.',
  'create.inWork':
    'Die Schaltfläche wurde zweimal gedrückt, und der erste Druck ist noch in Arbeit: Warten Sie auf seine Antwort, in diesem oder einem anderen Tab oder Fenster. Dieser zweite Druck hat nichts erzeugt.',
  'created.title': 'Ihr Link ist fertig',
  'created.link': 'Link zum Senden',
  'created.once':
    'Öffnen Sie ihn nicht selbst: Er lässt sich einmal öffnen, von dem, der zuerst kommt.',
  'created.showQr': 'Als QR-Code zeigen',
  'created.qr': 'Der Link als QR-Code',
  'created.passphrase': 'Die andere Person braucht auch Ihre Passphrase.',
  'created.generated': 'Erzeugtes Passwort',
  'created.generatedHint':
    'Kopieren Sie es jetzt, wenn Sie es brauchen: Es wird eine Minute lang gezeigt.',
  'created.weak':
    'Es lässt sich erraten, wenn jemand lange genug probieren darf ({bits, number} Bit): Verwenden Sie es nur, wo wenige Fehlversuche erlaubt sind.',
  'created.good': 'Es ist stark: Über ein Netz kann es niemand erraten ({bits, number} Bit).',
  'created.strong': 'Es ist sehr stark: Kein Rechner kann es erraten ({bits, number} Bit).',
  'created.mail': 'Den Link per E-Mail senden',
  'created.mailTo': 'E-Mail-Adresse der anderen Person',
  'created.mailHint': 'Wir senden ihn in Ihrem Namen, einmal. Ihre Adresse steht in der E-Mail.',
  'created.mailed': 'Der Link ist unterwegs an {to}.',
  'created.addressWrong': 'Das ist keine E-Mail-Adresse. Es wurde nichts gesendet.',
  'created.notMailed':
    'Der Link wurde nicht gesendet: Es gab zu viele E-Mails, oder an diese Adresse gehen keine. Senden Sie ihn selbst.',
  'created.afterwards': 'Danach',
  'created.receipt':
    'Der Beleg sagt, ob die Nachricht geöffnet wurde, und kann sie vorher löschen. Er ist für Sie: Senden Sie ihn nicht mit.',
  'created.toReceipt': 'Zum Beleg',
  'created.another': 'Noch eine Nachricht senden',
  'envelope.title': 'Sie haben eine sichere Nachricht',
  'envelope.lead':
    'Sie lässt sich einmal öffnen. Dann wird sie gelöscht; öffnen Sie sie also dort, wo Sie sie lesen oder kopieren können.',
  'envelope.passphrase': 'Passphrase',
  'envelope.open': 'Nachricht öffnen',
  'envelope.confirm': 'Ja, jetzt für mich öffnen',
  'envelope.unconfirmed':
    'Es wurde noch nichts geöffnet. Kreuzen Sie das Kästchen an und drücken Sie dann auf die Schaltfläche: Programme, die Links prüfen, kreuzen es nicht an.',
  'envelope.stale':
    'Es wurde noch nichts geöffnet: Diese Seite war lange offen. Drücken Sie noch einmal auf die Schaltfläche.',
  'envelope.notOpened':
    'Das hat nichts geöffnet. Prüfen Sie die Passphrase und versuchen Sie es noch einmal.',
  'envelope.tooManyTries':
    'Es gab zu viele Versuche mit einer falschen Passphrase. Es wurde nichts geöffnet.',
  'envelope.busy': 'Es wurde nichts geöffnet: Gerade ist zu viel los.',
  'revealed.title': 'Ihre sichere Nachricht',
  'revealed.message': 'Nachricht',
  'revealed.copy':
    'Kopieren Sie sie jetzt, wenn Sie sie brauchen. Hier ist sie schon gelöscht, und diese Seite lässt sich nicht noch einmal öffnen.',
  'revealed.done': 'Wenn Sie fertig sind, können Sie dieses Fenster schließen.',
  'revealed.download': 'Als Textdatei speichern',
  'revealed.file': 'nachricht',
  'revealed.clearAfter': 'Diese Seite leeren',
  'revealed.clearLater': 'beim Verlassen',
  'revealed.clearIn': '{minutes, plural, one {nach einer Minute} other {nach # Minuten}}',
  'revealed.cleared':
    'Die Nachricht wurde von dieser Seite entfernt. Sie lässt sich nicht noch einmal zeigen.',
  'gone.title': 'Hier ist keine Nachricht',
  'gone.why':
    'Sie wurde vielleicht schon geöffnet oder von ihrem Absender gelöscht, oder ihre Zeit ist abgelaufen. Oder der Link ist unvollständig: Prüfen Sie, ob Sie ihn ganz haben.',
  'gone.twice':
    'Wenn Sie eben zweimal auf eine Schaltfläche gedrückt haben, hat vielleicht der erste Druck sie geöffnet, und seine Antwort ist nicht bei Ihnen angekommen.',
  'gone.ask':
    'Wenn Sie sie nicht selbst geöffnet haben, sagen Sie es der Person, die sie Ihnen gesendet hat, und bitten Sie um einen neuen Link.',
  'gone.write': 'Per E-Mail um einen neuen Link bitten',
  'gone.subject': 'Bitte senden Sie mir einen neuen Link',
  'gone.body':
    'Der Link zu Ihrer Nachricht öffnet sich bei mir nicht, und ich habe die Nachricht nicht gelesen. Bitte prüfen Sie, ob sie jemand anderes geöffnet hat, und senden Sie mir einen neuen Link.',
  'private.title': 'Nur für den Eigentümer',
  'private.text':
    'Hier werden keine neuen Nachrichten geschrieben. Wenn Ihnen jemand einen Link gesendet hat, öffnet er sich wie immer.',
  'private.typed': 'Was Sie geschrieben haben, zum Kopieren',
  'receipt.title': 'Beleg',
  'receipt.unopened': 'Noch nicht geöffnet.',
  'receipt.received': 'Sie wurde geöffnet.',
  'receipt.burned': 'Sie wurde gelöscht, bevor jemand sie geöffnet hat.',
  'receipt.expired': 'Ihre Zeit ist abgelaufen, bevor jemand sie geöffnet hat.',
  'receipt.orphaned': 'Sie ist nicht mehr da und wurde nicht geöffnet.',
  'receipt.passphraseSet': 'Sie öffnet sich nur mit ihrer Passphrase.',
  'receipt.created': 'Erzeugt',
  'receipt.deletedAfter': 'Wird gelöscht',
  'receipt.opened': 'Geöffnet',
  'receipt.deleted': 'Gelöscht',
  'receipt.ended': 'Zeit abgelaufen',
  'receipt.looked': 'Von Programmen angesehen',
  'receipt.looks': '{count, plural, one {einmal, zuletzt} other {# Mal, zuletzt}}',
  'receipt.for': 'Für',
  'receipt.mailed': '{to} (per E-Mail)',
  'receipt.attemptsLeft':
    'Sie wird ungelesen gelöscht nach {count, plural, =0 {dem Versuch, der gerade läuft, wenn er falsch ist} one {einer weiteren falschen Passphrase} other {# weiteren falschen Passphrasen}}.',
  'receipt.showValue': 'Das erzeugte Passwort einmal zeigen',
  'receipt.burnTitle': 'Anders überlegt? Die Nachricht löschen',
  'receipt.burnQuestion':
    'Löschen, bevor jemand sie öffnet? Ihr Link öffnet dann nichts mehr, und das lässt sich nicht rückgängig machen.',
  'receipt.confirm': 'Ja, jetzt löschen',
  'receipt.unconfirmed':
    'Es wurde noch nichts gelöscht. Kreuzen Sie das Kästchen an und drücken Sie dann auf die Schaltfläche.',
  'receipt.stale':
    'Es wurde noch nichts gelöscht: Diese Seite war lange offen. Drücken Sie noch einmal auf die Schaltfläche.',
  'receipt.burn': 'Nachricht jetzt löschen',
  'receipt.wrongPassphrase': 'Das ist nicht die Passphrase. Es wurde nichts gelöscht.',
  'receipt.lastTry':
    'Das ist nicht die Passphrase, und es war der letzte Versuch: Die Nachricht ist gelöscht.',
  'receipt.tooLate': 'Das ist nicht mehr möglich.',
  'receipt.tooManyTries':
    'Es gab zu viele Versuche mit einer falschen Passphrase. Es wurde nichts gelöscht.',
  'receipt.busy': 'Gerade ist zu viel los, und es wurde nichts getan.',
  'value.title': 'Erzeugtes Passwort',
  'value.label': 'Passwort',
  'value.once': 'Kopieren Sie es jetzt: Es wird nicht noch einmal gezeigt.',
  'value.back': 'Zurück zum Beleg',
  'pressed.opened.title': 'Ihr Druck hat die Nachricht geöffnet',
  'pressed.opened.text':
    'Die Schaltfläche wurde zweimal gedrückt, und der erste Druck hat die Nachricht geöffnet. Sie steht in der anderen Antwort: Sehen Sie in Ihren anderen Tabs und Fenstern nach, und lassen Sie die Seite offen, bis Sie sie kopiert haben.',
  'pressed.opened.otherwise':
    'Sie kann nicht ein zweites Mal gezeigt werden. Wenn Sie sie nicht finden, sagen Sie der Person, die sie Ihnen gesendet hat, dass sie durch einen Doppelklick verloren ging, und bitten Sie um einen neuen Link.',
  'pressed.opened.back': 'Zurück zum Link',
  'pressed.shown.title': 'Ihr Druck hat das Passwort gezeigt',
  'pressed.shown.text':
    'Die Schaltfläche wurde zweimal gedrückt, und der erste Druck hat das erzeugte Passwort gezeigt. Es steht in der anderen Antwort: Sehen Sie in Ihren anderen Tabs und Fenstern nach, und lassen Sie die Seite offen, bis Sie es kopiert haben.',
  'pressed.shown.otherwise':
    'Hier kann es nicht ein zweites Mal gezeigt werden. Der Link öffnet es noch, einmal.',
  'pressed.begun.title': 'Ihr Druck ist noch in Arbeit',
  'pressed.begun.text':
    'Die Schaltfläche wurde zweimal gedrückt, und der erste Druck ist noch nicht beantwortet. Wenn seine Antwort kommt, steht sie in Ihrem anderen Tab oder Fenster.',
  'pressed.begun.otherwise':
    'Die Seite vor dieser zeigt, wie es steht. Sie lässt sich so oft laden, wie Sie wollen.',
  'pressed.begun.back': 'Nachsehen, wie es steht',
  'error.notFound.title': 'Seite nicht gefunden',
  'error.notFound.text': 'Unter dieser Adresse ist nichts. Prüfen Sie, ob Sie sie ganz haben.',
  'error.refused.title': 'Bitte benutzen Sie die Seite selbst',
  'error.refused.text':
    'Das kam nicht von einer Seite dieses Dienstes, darum wurde nichts getan. Öffnen Sie den Link noch einmal und benutzen Sie seine Schaltfläche.',
  'error.notSignedIn.title': 'Nicht berechtigt',
  'error.notSignedIn.text': 'Die gesendeten Zugangsdaten gelten hier nicht.',
  'error.tooLarge.title': 'Zu groß',
  'error.tooLarge.text':
    'Das ist weit mehr, als in eine Nachricht passt, und es wurde nichts gespeichert. Gehen Sie zurück, um sie zu kürzen: Ihr Browser sollte noch haben, was Sie geschrieben haben.',
  'error.tooSlow.title': 'Das hat zu lange gedauert',
  'error.tooSlow.text':
    'Ihre Nachricht kam nicht rechtzeitig an, und es wurde nichts gespeichert. Gehen Sie zurück und versuchen Sie es noch einmal.',
  'error.badRequest.title': 'Das hat nicht funktioniert',
  'error.badRequest.text':
    'Die Anfrage war nicht zu verstehen. Gehen Sie zurück und versuchen Sie es noch einmal.',
  'error.unavailable.title': 'Versuchen Sie es gleich noch einmal',
  'error.unavailable.text': 'Der Dienst antwortet gerade nicht. Ihr Link bleibt, wie er ist.',
  'error.tooMany.title': 'Zu viele Anfragen',
  'error.tooMany.text': 'Aus Ihrem Netz kamen zu viele Anfragen. Es wurde nichts getan.',
  'error.unexpected.title': 'Etwas ist schiefgegangen',
  'error.unexpected.text':
    'Der Fehler liegt bei uns und ist notiert. Versuchen Sie es gleich noch einmal.',
  'error.stale.title': 'Diese Seite ist älter als Ihre Anmeldung',
  'error.stale.text':
    'Es wurde nichts getan. Laden Sie die Seite neu und drücken Sie die Schaltfläche noch einmal.',
  'error.stale.kept': 'Es wurde noch nichts getan. Sie sind jetzt als {email} angemeldet.',
  'error.kept.text':
    'Was Sie abgeschickt haben, ist noch auf dieser Seite. Mit dieser Schaltfläche können Sie es noch einmal abschicken.',
  'error.kept.send': 'Noch einmal abschicken',
  'error.gone.title': 'Vorbei',
  'error.gone.text': 'Das ist nicht mehr möglich.',
  'error.backToMessage': 'Zurück zur Nachricht',
  'error.retry': 'Noch einmal versuchen',
  'unsubscribe.wantedTitle': 'Keine solchen E-Mails mehr?',
  'unsubscribe.refusedTitle': 'Sie bekommen keine solchen E-Mails mehr',
  'unsubscribe.refuse': 'Keine mehr senden',
  'unsubscribe.want': 'Wieder senden',
  'unsubscribe.notices.wanted':
    'Sie bekommen Mitteilungen über Ihr Konto und seine Domains. Codes und andere E-Mails, die Sie selbst anfordern, kommen in jedem Fall.',
  'unsubscribe.notices.refused':
    'Mitteilungen über Ihr Konto und seine Domains werden nicht mehr an Ihre Adresse gesendet.',
  'unsubscribe.links.wanted':
    'Wer diesen Dienst nutzt, kann Ihnen Links zu Nachrichten senden lassen.',
  'unsubscribe.links.refused':
    'Links zu Nachrichten werden nicht mehr an Ihre Adresse gesendet, von keinem Absender.',
};
