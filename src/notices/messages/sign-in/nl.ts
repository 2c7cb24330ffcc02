import type { SignInMessages } from '../messages.js';

export const signIn: SignInMessages = {
  signUp: {
    subject: 'Maak uw account af',
    lead: (host) => `Iemand wil met dit adres een account maken bij ${host}.`,
    action: 'Account maken',
    ignore: 'Was u dit niet, doe dan niets: zonder de link komt er geen account.',
  },
  known: {
    subject: 'U hebt al een account',
    lead: (host) =>
      `Iemand wilde met dit adres een account maken bij ${host}. Het heeft er al een: log in zoals altijd, of stel een nieuw wachtwoord in.`,
    action: 'Nieuw wachtwoord instellen',
    ignore: 'Was u dit niet, doe dan niets: het wachtwoord blijft zoals het is.',
  },
  password: {
    subject: 'Stel een nieuw wachtwoord in',
    lead: (host) => `Iemand heeft om een nieuw wachtwoord gevraagd voor uw account bij ${host}.`,
    action: 'Nieuw wachtwoord instellen',
    ignore: 'Was u dit niet, doe dan niets: het wachtwoord blijft zoals het is.',
  },
  unknownSubject: 'Geen account met dit adres',
  unknown: (host) =>
    `Iemand heeft bij ${host} met dit adres om een nieuw wachtwoord gevraagd. Met dit adres kan daar bij geen account worden ingelogd.`,
  unknownRemedy: 'Was u dit, probeer dan uw andere adressen. Was u dit niet, doe dan niets.',
  once: (when) => `De link werkt één keer, tot ${when}.`,
  changedBy: (when, browser, network) =>
    `Wanneer: ${when}. Browser: ${browser}. Netwerk: ${network}.`,
  unknownBrowser: 'onbekend',
  undo: 'Was u dit niet, stel dan meteen een nieuw wachtwoord in en bekijk daarna de sessies, passkeys en tokens van uw account.',
  passwordChanged: {
    subject: 'Uw wachtwoord is ingesteld',
    lead: (host) =>
      `Het wachtwoord van uw account bij ${host} is ingesteld. Alle andere browsers zijn uitgelogd.`,
  },
  passwordRemoved: {
    subject: 'Uw wachtwoord is verwijderd',
    lead: (host) => `Uw account bij ${host} heeft geen wachtwoord meer. U logt in met een passkey.`,
  },
  passkeyAdded: {
    subject: 'Er is een passkey toegevoegd',
    lead: (host, name) =>
      `Met de passkey ‘${name}’ kan nu worden ingelogd bij uw account bij ${host}.`,
  },
  passkeyRemoved: {
    subject: 'Er is een passkey verwijderd',
    lead: (host, name) =>
      `Met de passkey ‘${name}’ kan niet meer worden ingelogd bij uw account bij ${host}.`,
  },
  secondFactorOn: {
    subject: 'Bij het inloggen wordt een code gevraagd',
    lead: (host) =>
      `Voor uw account bij ${host} is het wachtwoord alleen niet meer genoeg: er wordt ook een code van uw authenticator-app gevraagd.`,
  },
  secondFactorOff: {
    subject: 'Bij het inloggen wordt geen code meer gevraagd',
    lead: (host) =>
      `Voor uw account bij ${host} is het wachtwoord alleen weer genoeg. De herstelcodes zijn vervallen.`,
  },
  recoveryCodesRenewed: {
    subject: 'U hebt nieuwe herstelcodes',
    lead: (host) =>
      `De herstelcodes van uw account bij ${host} zijn vervangen. De oude zijn vervallen.`,
  },
  recoveryCodeUsed: {
    subject: 'Er is een herstelcode gebruikt',
    lead: (host, left) =>
      `Met een herstelcode is ingelogd bij uw account bij ${host}. Codes over: ${left}.`,
  },
};
