import type { MailMessages } from './messages.js';
import { signIn } from './sign-in/en.js';

export const en: MailMessages = {
  sentBy: (host) => `Sent by ${host}. Nobody reads answers to this address.`,
  refuse: { notices: 'No more notices', links: 'No more links from this service' },
  link: {
    subject: (sender) => `${sender} sent you a message that opens once`,
    heading: 'A message is waiting for you',
    lead: (sender, host) => `${sender} has left a message for you at ${host}.`,
    action: 'Open the message',
    once: (when) => `It opens once, for whoever is first, until ${when}. After that it is gone.`,
    passphrase: 'You need a passphrase too. The sender has it.',
    unexpected: 'If you do not know the sender, ask them another way before you open it.',
  },
  opened: {
    subject: 'Your message was opened',
    heading: 'Your message was opened',
    lead: (created, host) => `The message that you left at ${host} on ${created} was opened.`,
    recipient: (masked) => `It was for ${masked}.`,
    at: (when) => `It was opened on ${when}, and nobody can open it again.`,
    unexpected:
      'If the person it was for did not open it, somebody else has read it: change what was in it.',
  },
  domainGiven: {
    subject: (domain) => `${domain} has moved to another account`,
    heading: 'A domain has moved',
    lead: (domain) =>
      `The domain ${domain} was moved from your account to another one, with its certificate and its look.`,
    secrets: 'Messages that you have made stay yours: their receipts are in your account.',
    unexpected: 'If nobody of yours gave it away, tell the operator of the service at once.',
  },
  proofMissing: {
    subject: (domain) => `The DNS record that proves ${domain} is missing`,
    heading: 'A DNS record is missing',
    lead: (domain, since) =>
      `The DNS record that proves that ${domain} is yours has not been found since ${since}.`,
    consequence: (lapses) => `If it stays away, the proof lapses on ${lapses}.`,
    remedy:
      'Ask for the domain by the API, or look it up in your DNS: it lists the records to create.',
  },
  certificateTrouble: {
    subject: (domain) => `The certificate of ${domain} is not renewing`,
    heading: 'A certificate is not renewing',
    renewal: (domain) => `The certificate of ${domain} could not be renewed. We go on trying.`,
    uploaded: (domain) => `The certificate that you uploaded for ${domain} ends soon.`,
    until: (when) => `The present one is valid until ${when}; then browsers refuse the name.`,
    ended: (when) => `It ended on ${when}: browsers refuse the name.`,
    remedy: 'Ask for the domain by the API: its issues say what is wrong and what to change.',
    uploadAgain: 'Upload a new one, or remove it, and we get certificates for the name.',
  },
  certificateRenewed: {
    subject: (domain) => `The certificate of ${domain} is renewed`,
    heading: 'The certificate is renewed',
    lead: (domain) =>
      `The trouble with the certificate of ${domain} is over. Nothing is left to do.`,
    until: (when) => `The new one is valid until ${when}.`,
  },
  address: {
    oldSubject: 'Confirm the new address of your account',
    newSubject: 'Confirm your address',
    usedSubject: 'This address has an account already',
    changedSubject: 'The address of your account has changed',
    old: (email) => `Somebody signed in to your account wants its address to be ${email}.`,
    new: 'Somebody wants this to be the address of an account.',
    code: (code) => `The code to confirm it: ${code}`,
    until: (when) => `It is valid until ${when}. Both addresses have to be confirmed.`,
    ignore:
      'If it was not you, change the tokens of your account and do not tell anybody the code.',
    ignoreNew: 'If it was not you, do nothing.',
    used: 'Somebody wanted this to be the address of another account. It has an account already, so nothing changes.',
    changed: (email) => `The address is now ${email}. No more mail of the account comes here.`,
    undo: 'If it was not you, tell the operator of the service at once.',
  },
  webhookDisabled: {
    subject: (name) => `The webhook ${name} is disabled`,
    heading: 'A webhook is disabled',
    failing: (name, host) =>
      `Nothing that was sent to the webhook ${name} at ${host} was taken for a day, so nothing more is sent to it.`,
    gone: (name, host) =>
      `The webhook ${name} at ${host} answered that it is gone (410), so nothing more is sent to it.`,
    remedy:
      'The log of the webhook says how each attempt ended. Enable it by the API when it works again.',
  },
  signIn,
};
