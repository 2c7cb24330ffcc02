/** Of the pages that everybody sees: create, link, envelope, message, gone, receipt, errors. */
export const publicEn = {
  'create.title': 'Send a secure message',
  'create.lead':
    'You get a link that opens once. After that, or when its time is up, the message is gone.',
  'create.message': 'Your message',
  'create.size':
    'Up to {bytes, number} bytes: so many letters from A to Z, or about half as many of other alphabets.',
  'create.lifetime': 'Delete it unread after',
  'create.addPassphrase': 'Add a passphrase',
  'create.passphrase': 'Passphrase, {min} to {max} characters',
  'create.passphraseHint': 'Tell it to the other person by another way than the link.',
  'create.attempts': 'Delete it after so many wrong passphrases (optional)',
  'create.attemptsHint':
    '1 to {max}. Whoever has the link can use them up, and then nobody can read the message.',
  'create.submit': 'Create the link',
  'create.generate': 'Generate a password instead',
  'create.generator': 'How to generate a password',
  'create.ofCharacters': 'From characters',
  'create.length': 'How many, {min} to {max}',
  'create.uppercase': 'Capital letters',
  'create.lowercase': 'Small letters',
  'create.digits': 'Digits',
  'create.symbols': 'Symbols such as ! and %',
  'create.ofWords': 'From English words',
  'create.words': 'How many words, {min} to {max}',
  'create.strength':
    '12 characters or 6 words cannot be guessed over a network, 16 characters or 8 words by no computer at all. Characters that look alike are left out.',
  'create.refused.blank': 'There is nothing to read in your message. Write something first.',
  'create.refused.attempts':
    'How many wrong passphrases delete the message is a whole number from 1 to {max}. Leave it empty for no such limit.',
  'create.refused.attemptsAlone':
    'Add a passphrase too: you have chosen how many wrong ones delete the message.',
  'create.refused.length':
    'The number of characters of a password is a whole number from {min} to {max}.',
  'create.refused.words':
    'The number of words of a password is a whole number from {min} to {max}.',
  'create.refused.sets': 'Choose at least one kind of characters for the password.',
  'create.refused.tooLong':
    'Your message is too long: up to {bytes, number} bytes fit. Nothing was stored.',
  'create.refused.passphraseShort':
    'The passphrase is too short: it needs at least {min} characters.',
  'create.refused.passphraseLong': 'The passphrase is too long: up to {max} characters fit.',
  'create.refused.passphraseMissing': 'A passphrase is needed here. Add one.',
  'create.refused.other': 'Your message could not be stored like this. Check what you wrote.',
  'create.refused.notHere': 'Your message was not stored: new messages are not written here.',
  'create.notStored': 'Your message could not be stored.',
  'create.elsewhere':
    'The button was pressed twice, and the first press has made your link: go back to its answer, in this or another tab or window. This second press has made nothing. If you do not find the answer, create the link again; the first one, which nobody has then, ends unread.',
  'create.inWork':
    'The button was pressed twice, and the first press is still in work: wait for its answer, in this or another tab or window. This second press has made nothing.',
  'created.title': 'Your link is ready',
  'created.link': 'Link to send',
  'created.once': 'Do not open it yourself: it opens once, for whoever is first.',
  'created.showQr': 'Show a QR code',
  'created.qr': 'A QR code of the link',
  'created.passphrase': 'The other person needs your passphrase too.',
  'created.generated': 'Generated password',
  'created.generatedHint': 'Copy it now if you need it: it is shown for one minute.',
  'created.weak':
    'It can be guessed by whoever may try long enough ({bits, number} bits): use it only where few wrong tries are allowed.',
  'created.good': 'It is strong: nobody can guess it over a network ({bits, number} bits).',
  'created.strong': 'It is very strong: no computer can guess it ({bits, number} bits).',
  'created.mail': 'Mail the link',
  'created.mailTo': 'E-mail address of the other person',
  'created.mailHint': 'We send it in your name, once. Your address is in the mail.',
  'created.mailed': 'The link is on its way to {to}.',
  'created.addressWrong': 'That is no e-mail address. Nothing was sent.',
  'created.notMailed':
    'The link was not mailed: too many mails were sent, or none go to this address. Send it yourself.',
  'created.afterwards': 'Afterwards',
  'created.receipt':
    'The receipt tells whether the message was opened, and can delete it before that. It is yours: do not send it along.',
  'created.toReceipt': 'Go to the receipt',
  'created.another': 'Send another message',
  'envelope.title': 'You have a secure message',
  'envelope.lead':
    'It can be opened once. Then it is deleted, so open it where you can read it or copy it.',
  'envelope.passphrase': 'Passphrase',
  'envelope.open': 'Open the message',
  'envelope.confirm': 'Yes, open it for me now',
  'envelope.unconfirmed':
    'Nothing was opened yet. Tick the box, then press the button: programs that check links do not tick it.',
  'envelope.stale':
    'Nothing was opened yet: this page was open for a long while. Press the button once more.',
  'envelope.notOpened': 'That did not open. Check the passphrase and try again.',
  'envelope.tooManyTries': 'There were too many tries with a wrong passphrase. Nothing was opened.',
  'envelope.busy': 'Nothing was opened: too much is going on just now.',
  'revealed.title': 'Your secure message',
  'revealed.message': 'Message',
  'revealed.copy':
    'Copy it now if you need it. It is already deleted here, and this page cannot be opened again.',
  'revealed.done': 'When you are done, you can close this window.',
  'revealed.download': 'Save as a text file',
  'revealed.file': 'message',
  'revealed.clearAfter': 'Clear this page',
  'revealed.clearLater': 'when I leave it',
  'revealed.clearIn': '{minutes, plural, one {after a minute} other {after # minutes}}',
  'revealed.cleared': 'The message was cleared from this page. It cannot be shown again.',
  'gone.title': 'There is no message here',
  'gone.why':
    'It may have been opened already, deleted by its sender, or its time is up. Or the link is not complete: check that you have all of it.',
  'gone.twice':
    'If you have just pressed a button twice, the first press may have opened it, and its answer did not reach you.',
  'gone.ask':
    'If you did not open it yourself, tell the person who sent it to you, and ask for a new link.',
  'gone.write': 'Ask for a new link by mail',
  'gone.subject': 'Please send me a new link',
  'gone.body':
    'The link to your message does not open here, and I have not read the message. Please check whether somebody else has opened it, and send me a new link.',
  'private.title': 'For private use',
  'private.text':
    'New messages are not written here. If somebody sent you a link, it opens as always.',
  'private.typed': 'What you wrote, to copy',
  'receipt.title': 'Receipt',
  'receipt.unopened': 'Not opened yet.',
  'receipt.received': 'It was opened.',
  'receipt.burned': 'It was deleted before anybody opened it.',
  'receipt.expired': 'Its time was up before anybody opened it.',
  'receipt.orphaned': 'It is no longer there, and was not opened.',
  'receipt.passphraseSet': 'It opens with its passphrase only.',
  'receipt.created': 'Created',
  'receipt.deletedAfter': 'Deleted after',
  'receipt.opened': 'Opened',
  'receipt.deleted': 'Deleted',
  'receipt.ended': 'Time was up',
  'receipt.looked': 'Looked at by programs',
  'receipt.looks': '{count, plural, one {once, at last} other {# times, at last}}',
  'receipt.for': 'For',
  'receipt.mailed': '{to} (by mail)',
  'receipt.attemptsLeft':
    'It is deleted unread after {count, plural, =0 {the try that is in work, if that is wrong} one {one more wrong passphrase} other {# more wrong passphrases}}.',
  'receipt.showValue': 'Show the generated password once',
  'receipt.burnTitle': 'Changed your mind? Delete the message',
  'receipt.burnQuestion':
    'Delete it before anybody opens it? Its link then opens nothing, and this cannot be undone.',
  'receipt.confirm': 'Yes, delete it now',
  'receipt.unconfirmed': 'Nothing was deleted yet. Tick the box, then press the button.',
  'receipt.stale':
    'Nothing was deleted yet: this page was open for a long while. Press the button once more.',
  'receipt.burn': 'Delete the message now',
  'receipt.wrongPassphrase': 'That is not the passphrase. Nothing was deleted.',
  'receipt.lastTry': 'That is not the passphrase, and it was the last try: the message is deleted.',
  'receipt.tooLate': 'That is not possible any more.',
  'receipt.tooManyTries': 'There were too many tries with a wrong passphrase. Nothing was deleted.',
  'receipt.busy': 'Too much is going on just now, and nothing was done.',
  'value.title': 'Generated password',
  'value.label': 'Password',
  'value.once': 'Copy it now: it is not shown again.',
  'value.back': 'Back to the receipt',
  'pressed.opened.title': 'Your press has opened the message',
  'pressed.opened.text':
    'The button was pressed twice, and the first press has opened the message. It is in the other answer to your press: look for it in your other tabs and windows, and keep that page open until you have copied it.',
  'pressed.opened.otherwise':
    'It cannot be shown a second time. If you do not find it, tell the person who sent it to you that it was lost by a double click, and ask for a new link.',
  'pressed.opened.back': 'Back to the link',
  'pressed.shown.title': 'Your press has shown the password',
  'pressed.shown.text':
    'The button was pressed twice, and the first press has shown the generated password. It is in the other answer to your press: look for it in your other tabs and windows, and keep that page open until you have copied it.',
  'pressed.shown.otherwise':
    'It cannot be shown a second time here. The link still opens it, once.',
  'pressed.begun.title': 'Your press is still in work',
  'pressed.begun.text':
    'The button was pressed twice, and the first press has not been answered yet. Its answer is in your other tab or window, if it comes.',
  'pressed.begun.otherwise':
    'The page before this one shows how things stand. It can be loaded as often as you like.',
  'pressed.begun.back': 'Look how things stand',
  'error.notFound.title': 'Page not found',
  'error.notFound.text': 'There is nothing at this address. Check that you have all of it.',
  'error.refused.title': 'Please use the page itself',
  'error.refused.text':
    'This did not come from a page of this site, so nothing was done. Open the link again and use its button.',
  'error.notSignedIn.title': 'Not authorized',
  'error.notSignedIn.text': 'The credentials that were sent are not valid here.',
  'error.tooLarge.title': 'Too large',
  'error.tooLarge.text':
    'That is far more than fits into one message, and nothing was stored. Go back to shorten it: your browser should still have what you wrote.',
  'error.tooSlow.title': 'That took too long',
  'error.tooSlow.text':
    'Your message did not arrive in time, and nothing was stored. Go back and try again.',
  'error.badRequest.title': 'That did not work',
  'error.badRequest.text': 'The request could not be understood. Go back and try again.',
  'error.unavailable.title': 'Try again in a moment',
  'error.unavailable.text': 'The service does not answer just now. Your link stays as it is.',
  'error.tooMany.title': 'Too many requests',
  'error.tooMany.text': 'There were too many requests from your network. Nothing was done.',
  'error.unexpected.title': 'Something went wrong',
  'error.unexpected.text': 'This is our fault, and it is written down. Try again in a moment.',
  'error.stale.title': 'This page is older than your sign-in',
  'error.stale.text': 'Nothing was done. Load the page again, and press the button once more.',
  'error.stale.kept': 'Nothing was done yet. You are signed in as {email} now.',
  'error.kept.text': 'What you sent is still on this page. You can send it again with this button.',
  'error.kept.send': 'Send it again',
  'error.gone.title': 'Gone',
  'error.gone.text': 'That is not possible any more.',
  'error.backToMessage': 'Back to the message',
  'error.retry': 'Try again',
  'unsubscribe.wantedTitle': 'No more of these mails?',
  'unsubscribe.refusedTitle': 'You get no more of these mails',
  'unsubscribe.refuse': 'Send me no more',
  'unsubscribe.want': 'Send them again',
  'unsubscribe.notices.wanted':
    'You get notices about your account and its domains. Codes and other mails that you ask for yourself come in any case.',
  'unsubscribe.notices.refused':
    'Notices about your account and its domains are not sent to your address any more.',
  'unsubscribe.links.wanted':
    'People who use this service can have links to their messages mailed to you.',
  'unsubscribe.links.refused':
    'Links to messages are not mailed to your address any more, whoever the sender is.',
} as const;

export type PublicMessages = Readonly<Record<keyof typeof publicEn, string>>;
