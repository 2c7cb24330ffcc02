import type { SignInMessages } from '../messages.js';

export const signIn: SignInMessages = {
  signUp: {
    subject: 'Finish your account',
    lead: (host) => `Somebody wants to make an account at ${host} with this address.`,
    action: 'Make the account',
    ignore: 'If it was not you, do nothing: without the link there is no account.',
  },
  known: {
    subject: 'You have an account already',
    lead: (host) =>
      `Somebody wanted to make an account at ${host} with this address. It has one already: sign in as always, or set a new password.`,
    action: 'Set a new password',
    ignore: 'If it was not you, do nothing: the password stays as it is.',
  },
  password: {
    subject: 'Set a new password',
    lead: (host) => `Somebody asked for a new password for your account at ${host}.`,
    action: 'Set a new password',
    ignore: 'If it was not you, do nothing: the password stays as it is.',
  },
  unknownSubject: 'No account with this address',
  unknown: (host) =>
    `Somebody asked for a new password at ${host} with this address. No account there can be signed in to with it.`,
  unknownRemedy: 'If it was you, try your other addresses. If it was not you, do nothing.',
  once: (when) => `The link works once, until ${when}.`,
  changedBy: (when, browser, network) => `When: ${when}. Browser: ${browser}. Network: ${network}.`,
  unknownBrowser: 'unknown',
  undo: 'If it was not you, set a new password at once, then look at the sessions, passkeys and tokens of your account.',
  passwordChanged: {
    subject: 'Your password was set',
    lead: (host) =>
      `The password of your account at ${host} was set. All other browsers are signed out.`,
  },
  passwordRemoved: {
    subject: 'Your password was removed',
    lead: (host) => `Your account at ${host} has no password any more. You sign in with a passkey.`,
  },
  passkeyAdded: {
    subject: 'A passkey was added',
    lead: (host, name) => `The passkey “${name}” now signs in to your account at ${host}.`,
  },
  passkeyRemoved: {
    subject: 'A passkey was removed',
    lead: (host, name) => `The passkey “${name}” no longer signs in to your account at ${host}.`,
  },
  secondFactorOn: {
    subject: 'Codes are asked for at sign-in',
    lead: (host) =>
      `A password alone no longer signs in to your account at ${host}: a code of your authenticator app is asked for too.`,
  },
  secondFactorOff: {
    subject: 'Codes are no longer asked for at sign-in',
    lead: (host) =>
      `A password alone signs in to your account at ${host} again. The recovery codes are void.`,
  },
  recoveryCodesRenewed: {
    subject: 'You have new recovery codes',
    lead: (host) =>
      `The recovery codes of your account at ${host} were replaced. The old ones are void.`,
  },
  recoveryCodeUsed: {
    subject: 'A recovery code was used',
    lead: (host, left) =>
      `A recovery code signed in to your account at ${host}. Codes left: ${left}.`,
  },
};
