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

  'images.title': 'Logo en pictogram',
  'images.lead': 'Op elke pagina van {name}, in de mails en in het tabblad van de browser.',
  'images.logo': 'Logo',
  'images.logo-dark': 'Logo op donkere pagina’s',
  'images.icon': 'Pictogram',
  'images.logo.hint': 'Op de plaats van de naam, boven elke pagina: daar 40 pixels hoog.',
  'images.logo-dark.hint': 'Waar het apparaat op donker staat. Anders staat ook daar het logo.',
  'images.icon.hint':
    'In het tabblad van de browser en op het beginscherm van een telefoon. Het best is een vierkant van 180 pixels of meer.',
  'images.limits': 'PNG, JPEG of WebP, hoogstens {bytes, number} bytes.',
  'images.now': '{kind}, zoals het nu is',
  'images.choose': 'Kies een bestand',
  'images.replace': 'Kies een ander bestand',
  'images.upload': '{kind}: uploaden',
  'images.remove': '{kind}: verwijderen',
  'images.refused': 'De afbeelding is niet overgenomen. Wat er was, is gebleven.',
  'images.refused.IMAGE_MISSING': 'Er is geen bestand gekozen.',
  'images.refused.IMAGE_TOO_LARGE':
    'Het bestand heeft meer dan {bytes, number} bytes. Sla de afbeelding kleiner op.',
  'images.refused.IMAGE_FORMAT':
    'Dit is geen PNG-, JPEG- of WebP-afbeelding. SVG-bestanden worden niet aangenomen, omdat er programma’s in kunnen zitten: exporteer dat van u als PNG.',
  'images.refused.IMAGE_ANIMATED': 'De afbeelding beweegt. Neem er een die stilstaat.',
  'images.refused.IMAGE_PIXELS':
    'De afbeelding heeft meer dan {millions, number} miljoen pixels. Sla haar kleiner op.',
  'images.refused.IMAGE_SLOW': 'De afbeelding lezen duurt te lang. Neem een eenvoudigere.',
  'images.refused.IMAGE_DAMAGED':
    'Het bestand is beschadigd of onvolledig. Sla de afbeelding opnieuw op en kies dat bestand.',
  'images.refused.busy': 'Er worden nu te veel afbeeldingen gelezen.',
  'images.tooLarge':
    'Het bestand is veel groter dan een afbeelding hier mag zijn, en er is niets gewijzigd. Kies er een van hoogstens {bytes, number} bytes.',
};
