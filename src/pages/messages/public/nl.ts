import type { PublicMessages } from './en.js';

export const publicNl: PublicMessages = {
  'create.title': 'Een veilig bericht sturen',
  'create.lead':
    'U krijgt een link die één keer opengaat. Daarna, of als de tijd om is, is het bericht weg.',
  'create.message': 'Uw bericht',
  'create.size':
    'Tot {bytes, number} bytes: zoveel letters van A tot Z, of ongeveer half zoveel van andere alfabetten.',
  'create.lifetime': 'Ongelezen verwijderen na',
  'create.addPassphrase': 'Een wachtwoordzin toevoegen',
  'create.passphrase': 'Wachtwoordzin, {min} tot {max} tekens',
  'create.passphraseHint': 'Geef hem langs een andere weg door dan de link.',
  'create.attempts': 'Verwijderen na zoveel verkeerde wachtwoordzinnen (niet verplicht)',
  'create.attemptsHint':
    '1 tot {max}. Wie de link heeft, kan ze opgebruiken, en dan kan niemand het bericht lezen.',
  'create.submit': 'Link maken',
  'create.generate': 'In plaats daarvan een wachtwoord maken',
  'create.generator': 'Hoe een wachtwoord wordt gemaakt',
  'create.ofCharacters': 'Van tekens',
  'create.length': 'Hoeveel, {min} tot {max}',
  'create.uppercase': 'Hoofdletters',
  'create.lowercase': 'Kleine letters',
  'create.digits': 'Cijfers',
  'create.symbols': 'Symbolen zoals ! en %',
  'create.ofWords': 'Van Engelse woorden',
  'create.words': 'Hoeveel woorden, {min} tot {max}',
  'create.strength':
    '12 tekens of 6 woorden zijn over een netwerk niet te raden, 16 tekens of 8 woorden door geen enkele computer. Tekens die op elkaar lijken, komen niet voor.',
  'create.refused.blank': 'Er staat niets leesbaars in uw bericht. Schrijf eerst iets.',
  'create.refused.attempts':
    'Hoeveel verkeerde wachtwoordzinnen het bericht verwijderen, is een geheel getal van 1 tot {max}. Laat het leeg voor geen grens.',
  'create.refused.attemptsAlone':
    'Voeg ook een wachtwoordzin toe: u hebt gekozen hoeveel verkeerde het bericht verwijderen.',
  'create.refused.length':
    'Het aantal tekens van een wachtwoord is een geheel getal van {min} tot {max}.',
  'create.refused.words':
    'Het aantal woorden van een wachtwoord is een geheel getal van {min} tot {max}.',
  'create.refused.sets': 'Kies minstens één soort tekens voor het wachtwoord.',
  'create.refused.tooLong':
    'Uw bericht is te lang: er passen tot {bytes, number} bytes in. Er is niets opgeslagen.',
  'create.refused.passphraseShort':
    'De wachtwoordzin is te kort: hij heeft minstens {min} tekens nodig.',
  'create.refused.passphraseLong': 'De wachtwoordzin is te lang: er passen tot {max} tekens in.',
  'create.refused.passphraseMissing': 'Hier is een wachtwoordzin nodig. Voeg er een toe.',
  'create.refused.other':
    'Uw bericht kon zo niet worden opgeslagen. Kijk na wat u hebt geschreven.',
  'create.refused.notHere':
    'Uw bericht is niet opgeslagen: hier worden geen nieuwe berichten geschreven.',
  'create.notStored': 'Uw bericht kon niet worden opgeslagen.',
  'create.elsewhere':
    'Er is twee keer op de knop gedrukt, en de eerste druk heeft uw link gemaakt: ga terug naar het antwoord daarop, in dit of een ander tabblad of venster. Deze tweede druk heeft niets gemaakt. Vindt u het antwoord niet, maak de link dan opnieuw; de eerste, die dan niemand heeft, eindigt ongelezen.',
  'create.inWork':
    'Er is twee keer op de knop gedrukt, en de eerste druk is nog bezig: wacht op het antwoord daarop, in dit of een ander tabblad of venster. Deze tweede druk heeft niets gemaakt.',
  'created.title': 'Uw link is klaar',
  'created.link': 'Link om te sturen',
  'created.once': 'Open hem niet zelf: hij gaat één keer open, voor wie het eerst komt.',
  'created.showQr': 'Een QR-code tonen',
  'created.qr': 'De link als QR-code',
  'created.passphrase': 'De ander heeft ook uw wachtwoordzin nodig.',
  'created.generated': 'Gemaakt wachtwoord',
  'created.generatedHint': 'Kopieer het nu als u het nodig hebt: het is een minuut te zien.',
  'created.weak':
    'Het is te raden door wie lang genoeg kan proberen ({bits, number} bits): gebruik het alleen waar weinig pogingen zijn toegestaan.',
  'created.good': 'Het is sterk: niemand kan het over een netwerk raden ({bits, number} bits).',
  'created.strong': 'Het is zeer sterk: geen computer kan het raden ({bits, number} bits).',
  'created.mail': 'De link mailen',
  'created.mailTo': 'E-mailadres van de ander',
  'created.mailHint': 'We sturen hem uit uw naam, één keer. Uw adres staat in de e-mail.',
  'created.mailed': 'De link is onderweg naar {to}.',
  'created.addressWrong': 'Dat is geen e-mailadres. Er is niets verstuurd.',
  'created.notMailed':
    'De link is niet gemaild: er zijn te veel e-mails verstuurd, of naar dit adres gaat er geen. Stuur hem zelf.',
  'created.afterwards': 'Daarna',
  'created.receipt':
    'Het ontvangstbewijs zegt of het bericht is geopend, en kan het eerder verwijderen. Het is voor u: stuur het niet mee.',
  'created.toReceipt': 'Naar het ontvangstbewijs',
  'created.another': 'Nog een bericht sturen',
  'envelope.title': 'U hebt een veilig bericht',
  'envelope.lead':
    'Het gaat één keer open. Dan wordt het verwijderd; open het dus waar u het kunt lezen of kopiëren.',
  'envelope.passphrase': 'Wachtwoordzin',
  'envelope.open': 'Bericht openen',
  'envelope.confirm': 'Ja, nu voor mij openen',
  'envelope.unconfirmed':
    'Er is nog niets geopend. Vink het vakje aan en druk dan op de knop: programma’s die links nakijken, vinken het niet aan.',
  'envelope.stale':
    'Er is nog niets geopend: deze pagina stond lang open. Druk nog een keer op de knop.',
  'envelope.notOpened': 'Dat heeft niets geopend. Kijk de wachtwoordzin na en probeer het opnieuw.',
  'envelope.tooManyTries':
    'Er is te vaak een verkeerde wachtwoordzin geprobeerd. Er is niets geopend.',
  'envelope.busy': 'Er is niets geopend: het is nu te druk.',
  'revealed.title': 'Uw veilige bericht',
  'revealed.message': 'Bericht',
  'revealed.copy':
    'Kopieer het nu als u het nodig hebt. Hier is het al verwijderd, en deze pagina kan niet nog eens worden geopend.',
  'revealed.done': 'Als u klaar bent, kunt u dit venster sluiten.',
  'revealed.download': 'Opslaan als tekstbestand',
  'revealed.file': 'bericht',
  'revealed.clearAfter': 'Deze pagina leegmaken',
  'revealed.clearLater': 'als ik haar verlaat',
  'revealed.clearIn': '{minutes, plural, one {na een minuut} other {na # minuten}}',
  'revealed.cleared':
    'Het bericht is van deze pagina gehaald. Het kan niet nog eens worden getoond.',
  'gone.title': 'Hier is geen bericht',
  'gone.why':
    'Misschien is het al geopend, door de afzender verwijderd, of is de tijd om. Of de link is niet volledig: kijk na of u hem helemaal hebt.',
  'gone.twice':
    'Als u net twee keer op een knop hebt gedrukt, heeft de eerste druk het misschien geopend, en heeft het antwoord u niet bereikt.',
  'gone.ask':
    'Hebt u het niet zelf geopend, zeg het dan tegen degene die het u heeft gestuurd, en vraag om een nieuwe link.',
  'gone.write': 'Per e-mail om een nieuwe link vragen',
  'gone.subject': 'Stuur me alstublieft een nieuwe link',
  'gone.body':
    'De link naar uw bericht gaat bij mij niet open, en ik heb het bericht niet gelezen. Kijk alstublieft na of iemand anders het heeft geopend, en stuur me een nieuwe link.',
  'private.title': 'Voor eigen gebruik',
  'private.text':
    'Hier worden geen nieuwe berichten geschreven. Heeft iemand u een link gestuurd, dan gaat die gewoon open.',
  'private.typed': 'Wat u hebt geschreven, om te kopiëren',
  'receipt.title': 'Ontvangstbewijs',
  'receipt.unopened': 'Nog niet geopend.',
  'receipt.received': 'Het is geopend.',
  'receipt.burned': 'Het is verwijderd voordat iemand het opende.',
  'receipt.expired': 'De tijd was om voordat iemand het opende.',
  'receipt.orphaned': 'Het is er niet meer, en is niet geopend.',
  'receipt.passphraseSet': 'Het gaat alleen open met de wachtwoordzin.',
  'receipt.created': 'Gemaakt',
  'receipt.deletedAfter': 'Verwijderd na',
  'receipt.opened': 'Geopend',
  'receipt.deleted': 'Verwijderd',
  'receipt.ended': 'Tijd om',
  'receipt.looked': 'Door programma’s bekeken',
  'receipt.looks': '{count, plural, one {één keer, het laatst} other {# keer, het laatst}}',
  'receipt.for': 'Voor',
  'receipt.mailed': '{to} (per e-mail)',
  'receipt.attemptsLeft':
    'Het wordt ongelezen verwijderd na {count, plural, =0 {de poging die nu bezig is, als die verkeerd is} one {nog één verkeerde wachtwoordzin} other {nog # verkeerde wachtwoordzinnen}}.',
  'receipt.showValue': 'Het gemaakte wachtwoord één keer tonen',
  'receipt.burnTitle': 'Van gedachten veranderd? Het bericht verwijderen',
  'receipt.burnQuestion':
    'Verwijderen voordat iemand het opent? De link opent dan niets meer, en dit kan niet ongedaan worden gemaakt.',
  'receipt.confirm': 'Ja, nu verwijderen',
  'receipt.unconfirmed': 'Er is nog niets verwijderd. Vink het vakje aan en druk dan op de knop.',
  'receipt.stale':
    'Er is nog niets verwijderd: deze pagina stond lang open. Druk nog een keer op de knop.',
  'receipt.burn': 'Bericht nu verwijderen',
  'receipt.wrongPassphrase': 'Dat is niet de wachtwoordzin. Er is niets verwijderd.',
  'receipt.lastTry':
    'Dat is niet de wachtwoordzin, en het was de laatste poging: het bericht is verwijderd.',
  'receipt.tooLate': 'Dat kan niet meer.',
  'receipt.tooManyTries':
    'Er is te vaak een verkeerde wachtwoordzin geprobeerd. Er is niets verwijderd.',
  'receipt.busy': 'Het is nu te druk, en er is niets gedaan.',
  'value.title': 'Gemaakt wachtwoord',
  'value.label': 'Wachtwoord',
  'value.once': 'Kopieer het nu: het wordt niet nog eens getoond.',
  'value.back': 'Terug naar het ontvangstbewijs',
  'pressed.opened.title': 'Uw druk heeft het bericht geopend',
  'pressed.opened.text':
    'Er is twee keer op de knop gedrukt, en de eerste druk heeft het bericht geopend. Het staat in het andere antwoord: zoek in uw andere tabbladen en vensters, en houd die pagina open tot u het hebt gekopieerd.',
  'pressed.opened.otherwise':
    'Het kan niet nog eens worden getoond. Vindt u het niet, zeg dan tegen degene die het u heeft gestuurd dat het door een dubbelklik verloren ging, en vraag om een nieuwe link.',
  'pressed.opened.back': 'Terug naar de link',
  'pressed.shown.title': 'Uw druk heeft het wachtwoord getoond',
  'pressed.shown.text':
    'Er is twee keer op de knop gedrukt, en de eerste druk heeft het gemaakte wachtwoord getoond. Het staat in het andere antwoord: zoek in uw andere tabbladen en vensters, en houd die pagina open tot u het hebt gekopieerd.',
  'pressed.shown.otherwise':
    'Hier kan het niet nog eens worden getoond. De link opent het nog, één keer.',
  'pressed.begun.title': 'Uw druk is nog bezig',
  'pressed.begun.text':
    'Er is twee keer op de knop gedrukt, en op de eerste druk is nog niet geantwoord. Komt het antwoord, dan staat het in uw andere tabblad of venster.',
  'pressed.begun.otherwise':
    'De vorige pagina laat zien hoe het ervoor staat. U kunt die zo vaak laden als u wilt.',
  'pressed.begun.back': 'Kijken hoe het ervoor staat',
  'error.notFound.title': 'Pagina niet gevonden',
  'error.notFound.text': 'Op dit adres is niets. Kijk na of u het helemaal hebt.',
  'error.refused.title': 'Gebruik de pagina zelf',
  'error.refused.text':
    'Dit kwam niet van een pagina van deze site, dus is er niets gedaan. Open de link opnieuw en gebruik de knop daar.',
  'error.notSignedIn.title': 'Niet bevoegd',
  'error.notSignedIn.text': 'De gestuurde gegevens zijn hier niet geldig.',
  'error.tooLarge.title': 'Te groot',
  'error.tooLarge.text':
    'Dat is veel meer dan er in één bericht past, en er is niets opgeslagen. Ga terug om het korter te maken: uw browser zou nog moeten hebben wat u schreef.',
  'error.tooSlow.title': 'Dat duurde te lang',
  'error.tooSlow.text':
    'Uw bericht kwam niet op tijd aan, en er is niets opgeslagen. Ga terug en probeer het opnieuw.',
  'error.badRequest.title': 'Dat lukte niet',
  'error.badRequest.text': 'Het verzoek was niet te begrijpen. Ga terug en probeer het opnieuw.',
  'error.unavailable.title': 'Probeer het zo weer',
  'error.unavailable.text': 'De dienst antwoordt nu niet. Uw link blijft zoals hij is.',
  'error.tooMany.title': 'Te veel verzoeken',
  'error.tooMany.text': 'Er kwamen te veel verzoeken uit uw netwerk. Er is niets gedaan.',
  'error.unexpected.title': 'Er ging iets mis',
  'error.unexpected.text': 'De fout ligt bij ons en is genoteerd. Probeer het zo weer.',
  'error.stale.title': 'Deze pagina is ouder dan uw aanmelding',
  'error.stale.text': 'Er is niets gedaan. Laad de pagina opnieuw en druk nog eens op de knop.',
  'error.stale.kept': 'Er is nog niets gedaan. U bent nu aangemeld als {email}.',
  'error.kept.text':
    'Wat u hebt verstuurd, staat nog op deze pagina. U kunt het met deze knop opnieuw versturen.',
  'error.kept.send': 'Opnieuw versturen',
  'error.gone.title': 'Voorbij',
  'error.gone.text': 'Dat kan niet meer.',
  'error.backToMessage': 'Terug naar het bericht',
  'error.retry': 'Opnieuw proberen',
  'unsubscribe.wantedTitle': 'Geen van deze e-mails meer?',
  'unsubscribe.refusedTitle': 'U krijgt deze e-mails niet meer',
  'unsubscribe.refuse': 'Niet meer sturen',
  'unsubscribe.want': 'Weer sturen',
  'unsubscribe.notices.wanted':
    'U krijgt meldingen over uw account en de domeinen ervan. Codes en andere e-mails waar u zelf om vraagt, komen in elk geval.',
  'unsubscribe.notices.refused':
    'Meldingen over uw account en de domeinen ervan worden niet meer naar uw adres gestuurd.',
  'unsubscribe.links.wanted': 'Wie deze dienst gebruikt, kan u links naar berichten laten sturen.',
  'unsubscribe.links.refused':
    'Links naar berichten worden niet meer naar uw adres gestuurd, wie de afzender ook is.',
};
