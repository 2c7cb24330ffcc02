import type { AccountMessages } from './en.js';

export const accountDe: AccountMessages = {
  'signIn.title': 'Anmelden',
  'signIn.email': 'E-Mail-Adresse',
  'signIn.password': 'Passwort',
  'signIn.submit': 'Anmelden',
  'signIn.forgotten': 'Passwort vergessen, oder noch keines?',
  'signIn.toSignUp': 'Ein Konto anlegen',
  'signIn.refused': 'Die Adresse oder das Passwort stimmt nicht.',
  'signIn.limited': 'Es gab zu viele Versuche. Es wurde nichts getan.',
  'signIn.first': 'Melden Sie sich zuerst an',
  'signIn.firstText':
    'Diese Seite gehört zu einem Konto. Melden Sie sich an und öffnen Sie sie dann noch einmal.',
  'code.title': 'Noch ein Schritt',
  'code.lead':
    'Geben Sie den Code ein, den Ihre Authenticator-App zeigt, oder einen Ihrer Wiederherstellungscodes.',
  'code.label': 'Code',
  'code.submit': 'Weiter',
  'code.wrong': 'Dieser Code stimmt nicht oder wurde schon benutzt.',
  'signUp.title': 'Ein Konto anlegen',
  'signUp.lead': 'Wir senden einen Link an Ihre Adresse; er beweist, dass Sie sie lesen.',
  'signUp.closed': 'Konten legt der Betreiber dieses Dienstes an.',
  'forgotten.title': 'Ein neues Passwort',
  'forgotten.lead':
    'Wir senden einen Link an die Adresse Ihres Kontos. Mit ihm wählen Sie ein Passwort.',
  'link.send': 'Link senden',
  'link.emailInvalid': 'Das ist keine E-Mail-Adresse.',
  'link.noMail': 'Gerade kann keine E-Mail gesendet werden.',
  'sent.title': 'Sehen Sie in Ihre E-Mails',
  'sent.text':
    'Wenn {email} einen bekommen kann, ist ein Link unterwegs. Er gilt eine Stunde und einmal.',
  'sent.nothing':
    'Es kam nichts an? Sehen Sie bei den unerwünschten E-Mails nach, und prüfen Sie die Adresse.',
  'link.gone': 'Dieser Link gilt nicht mehr',
  'link.goneText':
    'Er wurde schon benutzt, oder seine Zeit ist abgelaufen. Fordern Sie einen neuen an.',
  'newPassword.title': 'Ein Passwort wählen',
  'newPassword.for': 'Für {email}.',
  'newPassword.hint':
    'Mindestens {min} Zeichen. Ein paar Wörter, die nur Sie zusammenstellen würden, sind gut.',
  'newPassword.label': 'Neues Passwort',
  'newPassword.submit': 'Festlegen und anmelden',
  'newPassword.PASSWORD_TOO_SHORT': 'Es ist zu kurz: mindestens {min} Zeichen.',
  'newPassword.PASSWORD_TOO_LONG': 'Es ist zu lang: höchstens {max} Byte.',
  'newPassword.PASSWORD_IS_ADDRESS': 'Ihre Adresse ist kein Passwort.',
  'newPassword.PASSWORD_COMMON':
    'Viele Menschen haben dieses Passwort, darum wird es zuerst probiert. Wählen Sie ein anderes.',
  'account.title': 'Ihr Konto',
  'account.address': 'Adresse',
  'account.plan': 'Tarif',
  'account.basic': 'Grundtarif',
  'account.domainCount': 'Eigene Domains',
  'account.domainsOf': '{count, number} von {max, number}',
  'account.toDomains': 'Ihre Domains',
  'account.toCreate': 'Eine Nachricht senden',
  'account.signOut': 'Abmelden',
};
