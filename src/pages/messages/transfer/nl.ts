import type { TransferMessages } from './en.js';

export const transferNl: TransferMessages = {
  'transfer.title': 'Aan een ander account geven',
  'transfer.lead':
    'U krijgt een code. Wie die binnen zeven dagen in een ander account invoert, heeft dit domein.',
  'transfer.goes':
    'Certificaat, uiterlijk en regels gaan mee. In de DNS verandert niets, en de naam blijft in bedrijf.',
  'transfer.pair.goes': '{other}, die hierheen leidt, gaat mee naar een account van deze regio.',
  'transfer.pair.parts': 'Deze naam leidt naar {other}. Na het weggeven niet meer.',
  'transfer.stays': 'Berichten en ontvangstbewijzen blijven bij het account dat ze heeft gemaakt.',
  'transfer.ends': 'Links voor uw DNS-beheerder eindigen.',
  'transfer.elsewhere':
    'In een andere regio krijgt de naam een eigen certificaat; uiterlijk en regels blijven hier. Daarna wijzigt u een record: de pagina van het domein zegt wanneer.',
  'transfer.make': 'Code maken',
  'transfer.another': 'Andere code maken',
  'transfer.made': 'Uw code. Die wordt maar één keer getoond.',
  'transfer.code': 'Code voor het andere account',
  'transfer.open': 'Een code geldt tot {date}. Een andere beëindigt die.',
  'transfer.expired': 'De code is niet op tijd gebruikt.',
  'transfer.cancel': 'Code intrekken',
  'transfer.unproven': 'Alleen een bewezen domein kan worden weggegeven.',
  'receive.open': 'Ik heb een code',
  'receive.title': 'Een domein van een ander account overnemen',
  'receive.lead':
    'De eigenaar van een domein heeft u een code gegeven. Voer die in, en het domein staat in uw account.',
  'receive.code': 'Code',
  'receive.submit': 'Domein overnemen',
  'receive.refused.TRANSFER_CODE':
    'Deze code geeft geen domein: ze is onjuist, gebruikt of ingetrokken, of de tijd is om. Vraag een nieuwe.',
  'receive.refused.TRANSFER_OWN': 'Het domein van deze code staat al in uw account.',
  'receive.refused.DOMAIN_LIMIT':
    'Uw abonnement heeft er geen plaats voor; een namenpaar heeft twee plaatsen nodig. Verwijder eerst een domein en voer de code dan opnieuw in.',
  'transfer.region': 'Waar het andere account is',
  'transfer.here': 'Deze regio ({region})',
  'move.out.preparing':
    'Verplaatsing naar de regio {region}: de naam krijgt daar eerst zijn certificaat. Wijzig nog geen record.',
  'move.out.ready_to_switch':
    'Klaar om om te zetten: de regio {region} bedient de naam. Wijzig het record zoals de pagina van het domein daar toont.',
  'move.out.switched':
    'De naam leidt naar de regio {region}. Deze aanspraak eindigt vanzelf als dat twee dagen zo was. Links van hier openen op de eigen host van deze regio.',
  'move.in.preparing':
    'Komt uit de regio {region}: de naam krijgt hier eerst zijn certificaat. Wijzig nog geen record.',
  'move.in.ready_to_switch':
    'Klaar om om te zetten: deze regio bedient de naam. Wijzig het record zoals hieronder getoond.',
  'move.in.switched':
    'De naam leidt hierheen. In de regio {region} eindigt hij twee dagen later vanzelf.',
  'move.cancel': 'Verplaatsing annuleren',
  'receive.refused.REGION_UNREACHABLE':
    'De andere regio was voor deze code niet bereikbaar. Wacht even en voer haar opnieuw in.',
  'receive.refused.CONFLICT_OTHER_CLAIM':
    'Een ander account van deze regio heeft deze naam bewezen.',
  'receive.refused.MOVE_OPEN':
    'Deze naam wordt al tussen twee regio’s verplaatst. De code geldt als dat klaar is of een van beide kanten het heeft geannuleerd.',
};
