import type { BrandMessages } from './en.js';

export const brandNl: BrandMessages = {
  'brand.save': 'Opslaan',
  'brand.saved': 'Opgeslagen. Het geldt vanaf nu.',
  'brand.refused': 'Er is niets opgeslagen. Hieronder staat wat een andere waarde nodig heeft.',

  'policy.title': 'Regels voor berichten',
  'policy.lead':
    'Deze regels gelden voor elk bericht met een link op {name}, geschreven op de pagina’s of via de API.',
  'policy.who': 'Wie mag maken',
  'policy.whoHint':
    'Iedereen mag links op {name} openen. U en uw account mogen ze maken. Bezoekers zonder account alleen waar u het toestaat.',
  'policy.homepage': 'Bezoekers mogen berichten schrijven op de pagina’s',
  'policy.api': 'Programma’s mogen berichten maken via de API, zonder inloggegevens',
  'policy.lifetimes': 'Hoe lang berichten wachten',
  'policy.max': 'Hoogstens',
  'policy.maxNone': 'Zo lang uw abonnement toestaat ({time})',
  'policy.default': 'Als er geen tijd gekozen is',
  'policy.defaultNone': '7 dagen, of minder waar dat te lang is',
  'policy.passphrases': 'Wachtwoordzinnen',
  'policy.required': 'Elk bericht heeft een wachtwoordzin nodig',
  'policy.shortest': 'Kortste wachtwoordzin',
  'policy.shortestHint': 'In tekens, van {min} tot {max}. Leeg: {min}.',
  'policy.where': 'Waar links openen',
  'policy.region': 'Links openen ook met {host} in plaats van {name}',
  'policy.regionHint':
    'Anders openen ze alleen op {name}. Een wijziging geldt meteen, ook voor links van eerder.',
  'policy.refused.order': 'Dit is langer dan de langste tijd die u toestaat.',
  'policy.refused.time': 'Kies een van deze tijden.',
  'policy.refused.length': 'Vul een geheel getal van {min} tot {max} in, of niets.',
};
