import type { SignInMessages } from '../messages.js';

export const signIn: SignInMessages = {
  signUp: {
    subject: 'Schließen Sie Ihr Konto ab',
    lead: (host) => `Jemand möchte mit dieser Adresse ein Konto bei ${host} anlegen.`,
    action: 'Konto anlegen',
    ignore: 'Wenn Sie das nicht waren, tun Sie nichts: Ohne den Link entsteht kein Konto.',
  },
  known: {
    subject: 'Sie haben schon ein Konto',
    lead: (host) =>
      `Jemand wollte mit dieser Adresse ein Konto bei ${host} anlegen. Sie hat schon eines: Melden Sie sich an wie immer, oder setzen Sie ein neues Passwort.`,
    action: 'Neues Passwort setzen',
    ignore: 'Wenn Sie das nicht waren, tun Sie nichts: Das Passwort bleibt, wie es ist.',
  },
  password: {
    subject: 'Setzen Sie ein neues Passwort',
    lead: (host) => `Jemand hat ein neues Passwort für Ihr Konto bei ${host} verlangt.`,
    action: 'Neues Passwort setzen',
    ignore: 'Wenn Sie das nicht waren, tun Sie nichts: Das Passwort bleibt, wie es ist.',
  },
  unknownSubject: 'Kein Konto mit dieser Adresse',
  unknown: (host) =>
    `Jemand hat bei ${host} mit dieser Adresse ein neues Passwort verlangt. Mit ihr kann man sich dort bei keinem Konto anmelden.`,
  unknownRemedy:
    'Wenn Sie das waren, versuchen Sie es mit Ihren anderen Adressen. Wenn nicht, tun Sie nichts.',
  once: (when) => `Der Link funktioniert einmal, bis ${when}.`,
  changedBy: (when, browser, network) => `Wann: ${when}. Browser: ${browser}. Netz: ${network}.`,
  unknownBrowser: 'unbekannt',
  undo: 'Wenn Sie das nicht waren, setzen Sie sofort ein neues Passwort, und prüfen Sie dann die Sitzungen, Passkeys und Tokens Ihres Kontos.',
  passwordChanged: {
    subject: 'Ihr Passwort wurde gesetzt',
    lead: (host) =>
      `Das Passwort Ihres Kontos bei ${host} wurde gesetzt. Alle anderen Browser sind abgemeldet.`,
  },
  passwordRemoved: {
    subject: 'Ihr Passwort wurde entfernt',
    lead: (host) =>
      `Ihr Konto bei ${host} hat kein Passwort mehr. Sie melden sich mit einem Passkey an.`,
  },
  passkeyAdded: {
    subject: 'Ein Passkey wurde hinzugefügt',
    lead: (host, name) =>
      `Mit dem Passkey „${name}“ kann man sich jetzt bei Ihrem Konto bei ${host} anmelden.`,
  },
  passkeyRemoved: {
    subject: 'Ein Passkey wurde entfernt',
    lead: (host, name) =>
      `Mit dem Passkey „${name}“ kann man sich bei Ihrem Konto bei ${host} nicht mehr anmelden.`,
  },
  secondFactorOn: {
    subject: 'Bei der Anmeldung wird ein Code verlangt',
    lead: (host) =>
      `Für Ihr Konto bei ${host} genügt das Passwort allein nicht mehr: Auch ein Code Ihrer Authenticator-App wird verlangt.`,
  },
  secondFactorOff: {
    subject: 'Bei der Anmeldung wird kein Code mehr verlangt',
    lead: (host) =>
      `Für Ihr Konto bei ${host} genügt wieder das Passwort allein. Die Wiederherstellungscodes sind ungültig.`,
  },
  recoveryCodesRenewed: {
    subject: 'Sie haben neue Wiederherstellungscodes',
    lead: (host) =>
      `Die Wiederherstellungscodes Ihres Kontos bei ${host} wurden ersetzt. Die alten sind ungültig.`,
  },
  recoveryCodeUsed: {
    subject: 'Ein Wiederherstellungscode wurde benutzt',
    lead: (host, left) =>
      `Mit einem Wiederherstellungscode hat sich jemand bei Ihrem Konto bei ${host} angemeldet. Verbleibende Codes: ${left}.`,
  },
};
