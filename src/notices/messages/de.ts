import type { MailMessages } from './messages.js';
import { signIn } from './sign-in/de.js';

export const de: MailMessages = {
  sentBy: (host) => `Gesendet von ${host}. Antworten an diese Adresse liest niemand.`,
  refuse: { notices: 'Keine Mitteilungen mehr', links: 'Keine Links von diesem Dienst mehr' },
  link: {
    subject: (sender) =>
      `${sender} hat Ihnen eine Nachricht gesendet, die sich einmal öffnen lässt`,
    heading: 'Eine Nachricht wartet auf Sie',
    lead: (sender, host) => `${sender} hat auf ${host} eine Nachricht für Sie hinterlassen.`,
    action: 'Nachricht öffnen',
    once: (when) =>
      `Sie lässt sich nur einmal öffnen, von der ersten Person, bis ${when}. Danach ist sie weg.`,
    passphrase: 'Sie brauchen dazu noch ein Kennwort. Der Absender hat es.',
    unexpected:
      'Wenn Sie den Absender nicht kennen, fragen Sie auf anderem Weg nach, bevor Sie sie öffnen.',
  },
  opened: {
    subject: 'Ihre Nachricht wurde geöffnet',
    heading: 'Ihre Nachricht wurde geöffnet',
    lead: (created, host) =>
      `Die Nachricht, die Sie am ${created} auf ${host} hinterlassen haben, wurde geöffnet.`,
    recipient: (masked) => `Sie war für ${masked}.`,
    at: (when) => `Sie wurde am ${when} geöffnet, und niemand kann sie noch einmal öffnen.`,
    unexpected:
      'Wenn die Person, für die sie war, sie nicht geöffnet hat, hat sie jemand anderes gelesen: Ändern Sie, was darin stand.',
  },
  domainGiven: {
    subject: (domain) => `${domain} gehört jetzt zu einem anderen Konto`,
    heading: 'Eine Domain ist umgezogen',
    lead: (domain) =>
      `Die Domain ${domain} wurde von Ihrem Konto zu einem anderen verschoben, mit Zertifikat und Aussehen.`,
    secrets: 'Nachrichten, die Sie erstellt haben, bleiben Ihre: Ihre Belege sind in Ihrem Konto.',
    unexpected:
      'Wenn niemand von Ihnen sie weggegeben hat, sagen Sie es sofort dem Betreiber des Dienstes.',
  },
  proofMissing: {
    subject: (domain) => `Der DNS-Eintrag, der ${domain} nachweist, fehlt`,
    heading: 'Ein DNS-Eintrag fehlt',
    lead: (domain, since) =>
      `Der DNS-Eintrag, der nachweist, dass ${domain} Ihnen gehört, wird seit ${since} nicht gefunden.`,
    consequence: (lapses) => `Bleibt er weg, verfällt der Nachweis am ${lapses}.`,
    remedy: 'Rufen Sie die Domain über die API ab: Dort stehen die Einträge, die anzulegen sind.',
  },
  certificateTrouble: {
    subject: (domain) => `Das Zertifikat von ${domain} wird nicht erneuert`,
    heading: 'Ein Zertifikat wird nicht erneuert',
    renewal: (domain) =>
      `Das Zertifikat von ${domain} ließ sich nicht erneuern. Wir versuchen es weiter.`,
    uploaded: (domain) => `Das Zertifikat, das Sie für ${domain} hochgeladen haben, endet bald.`,
    until: (when) => `Das jetzige gilt bis ${when}; danach weisen Browser den Namen ab.`,
    ended: (when) => `Es ist am ${when} abgelaufen: Browser weisen den Namen ab.`,
    remedy:
      'Rufen Sie die Domain über die API ab: Unter „issues“ steht, was nicht stimmt und was zu ändern ist.',
    uploadAgain:
      'Laden Sie ein neues hoch, oder entfernen Sie es: Dann besorgen wir Zertifikate für den Namen.',
  },
  certificateRenewed: {
    subject: (domain) => `Das Zertifikat von ${domain} ist erneuert`,
    heading: 'Das Zertifikat ist erneuert',
    lead: (domain) =>
      `Die Störung mit dem Zertifikat von ${domain} ist vorbei. Es ist nichts mehr zu tun.`,
    until: (when) => `Das neue gilt bis ${when}.`,
  },
  address: {
    oldSubject: 'Bestätigen Sie die neue Adresse Ihres Kontos',
    newSubject: 'Bestätigen Sie Ihre Adresse',
    usedSubject: 'Diese Adresse hat schon ein Konto',
    changedSubject: 'Die Adresse Ihres Kontos hat sich geändert',
    old: (email) =>
      `Jemand, der in Ihrem Konto angemeldet ist, möchte dessen Adresse in ${email} ändern.`,
    new: 'Jemand möchte, dass dies die Adresse eines Kontos wird.',
    code: (code) => `Der Code zur Bestätigung: ${code}`,
    until: (when) => `Er gilt bis ${when}. Beide Adressen müssen bestätigt werden.`,
    ignore:
      'Wenn Sie das nicht waren, ändern Sie die Token Ihres Kontos, und geben Sie den Code niemandem.',
    ignoreNew: 'Wenn Sie das nicht waren, tun Sie nichts.',
    used: 'Jemand wollte dies zur Adresse eines anderen Kontos machen. Sie hat schon ein Konto, darum ändert sich nichts.',
    changed: (email) =>
      `Die Adresse ist jetzt ${email}. Hierher kommt keine E-Mail des Kontos mehr.`,
    undo: 'Wenn Sie das nicht waren, melden Sie es sofort dem Betreiber des Dienstes.',
  },
  webhookDisabled: {
    subject: (name) => `Der Webhook ${name} ist abgeschaltet`,
    heading: 'Ein Webhook ist abgeschaltet',
    failing: (name, host) =>
      `Der Webhook ${name} bei ${host} hat einen Tag lang nichts angenommen. Es wird nichts mehr an ihn gesendet.`,
    gone: (name, host) =>
      `Der Webhook ${name} bei ${host} hat geantwortet, dass es ihn nicht mehr gibt (410). Es wird nichts mehr an ihn gesendet.`,
    remedy:
      'Das Protokoll des Webhooks zeigt, wie jeder Versuch endete. Schalten Sie ihn über die API wieder ein, wenn er funktioniert.',
  },
  signIn,
};
