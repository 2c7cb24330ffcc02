import type { MailMessages } from './messages.js';
import { signIn } from './sign-in/nl.js';

export const nl: MailMessages = {
  sentBy: (host) => `Verzonden door ${host}. Niemand leest antwoorden op dit adres.`,
  refuse: { notices: 'Geen meldingen meer', links: 'Geen links van deze dienst meer' },
  link: {
    subject: (sender) => `${sender} heeft u een bericht gestuurd dat één keer opent`,
    heading: 'Er wacht een bericht op u',
    lead: (sender, host) => `${sender} heeft op ${host} een bericht voor u achtergelaten.`,
    action: 'Bericht openen',
    once: (when) => `Het opent één keer, voor wie het eerst komt, tot ${when}. Daarna is het weg.`,
    passphrase: 'U hebt ook een wachtwoordzin nodig. De afzender heeft die.',
    unexpected:
      'Kent u de afzender niet, vraag het dan langs een andere weg na voordat u het opent.',
  },
  opened: {
    subject: 'Uw bericht is geopend',
    heading: 'Uw bericht is geopend',
    lead: (created, host) => `Het bericht dat u op ${created} op ${host} achterliet, is geopend.`,
    recipient: (masked) => `Het was voor ${masked}.`,
    at: (when) => `Het is geopend op ${when}, en niemand kan het nog eens openen.`,
    unexpected:
      'Heeft degene voor wie het was het niet geopend, dan heeft iemand anders het gelezen: verander wat erin stond.',
  },
  domainGiven: {
    subject: (domain) => `${domain} hoort nu bij een ander account`,
    heading: 'Een domein is verplaatst',
    lead: (domain) =>
      `Het domein ${domain} is van uw account naar een ander verplaatst, met certificaat en uiterlijk.`,
    secrets:
      'Berichten die u hebt gemaakt blijven van u: de ontvangstbewijzen staan in uw account.',
    unexpected:
      'Als niemand van u het heeft weggegeven, meld het dan meteen aan de beheerder van de dienst.',
  },
  proofMissing: {
    subject: (domain) => `Het DNS-record dat ${domain} bewijst, ontbreekt`,
    heading: 'Er ontbreekt een DNS-record',
    lead: (domain, since) =>
      `Het DNS-record dat bewijst dat ${domain} van u is, wordt sinds ${since} niet gevonden.`,
    consequence: (lapses) => `Blijft het weg, dan vervalt het bewijs op ${lapses}.`,
    remedy: 'Vraag het domein op via de API: het antwoord noemt de records die nodig zijn.',
  },
  certificateTrouble: {
    subject: (domain) => `Het certificaat van ${domain} wordt niet vernieuwd`,
    heading: 'Een certificaat wordt niet vernieuwd',
    renewal: (domain) =>
      `Het certificaat van ${domain} kon niet worden vernieuwd. We blijven het proberen.`,
    uploaded: (domain) =>
      `Het certificaat dat u voor ${domain} hebt geüpload, verloopt binnenkort.`,
    until: (when) => `Het huidige is geldig tot ${when}; daarna weigeren browsers de naam.`,
    ended: (when) => `Het is verlopen op ${when}: browsers weigeren de naam.`,
    remedy:
      'Vraag het domein op via de API: onder "issues" staat wat er mis is en wat te wijzigen.',
    uploadAgain: 'Upload een nieuw, of verwijder het: dan halen wij certificaten voor de naam.',
  },
  certificateRenewed: {
    subject: (domain) => `Het certificaat van ${domain} is vernieuwd`,
    heading: 'Het certificaat is vernieuwd',
    lead: (domain) =>
      `De storing met het certificaat van ${domain} is voorbij. Er is niets meer te doen.`,
    until: (when) => `Het nieuwe is geldig tot ${when}.`,
  },
  address: {
    oldSubject: 'Bevestig het nieuwe adres van uw account',
    newSubject: 'Bevestig uw adres',
    usedSubject: 'Dit adres heeft al een account',
    changedSubject: 'Het adres van uw account is gewijzigd',
    old: (email) => `Iemand die bij uw account is aangemeld, wil het adres wijzigen in ${email}.`,
    new: 'Iemand wil dat dit het adres van een account wordt.',
    code: (code) => `De code om het te bevestigen: ${code}`,
    until: (when) => `De code is geldig tot ${when}. Beide adressen moeten worden bevestigd.`,
    ignore: 'Was u dit niet, wijzig dan de tokens van uw account en geef de code aan niemand.',
    ignoreNew: 'Was u dit niet, doe dan niets.',
    used: 'Iemand wilde dat dit het adres van een ander account werd. Het heeft al een account, dus er verandert niets.',
    changed: (email) => `Het adres is nu ${email}. Hier komt geen e-mail van het account meer aan.`,
    undo: 'Was u dit niet, meld het dan meteen aan de beheerder van de dienst.',
  },
  webhookDisabled: {
    subject: (name) => `De webhook ${name} is uitgeschakeld`,
    heading: 'Een webhook is uitgeschakeld',
    failing: (name, host) =>
      `De webhook ${name} op ${host} heeft een dag lang niets aangenomen. Er wordt niets meer naartoe gestuurd.`,
    gone: (name, host) =>
      `De webhook ${name} op ${host} heeft geantwoord dat hij niet meer bestaat (410). Er wordt niets meer naartoe gestuurd.`,
    remedy:
      'Het logboek van de webhook toont hoe elke poging afliep. Schakel hem via de API weer in als hij werkt.',
  },
  signIn,
};
