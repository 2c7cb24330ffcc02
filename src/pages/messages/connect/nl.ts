import type { ConnectMessages } from './en.js';

export const connectNl: ConnectMessages = {
  'connect.title': 'In één stap, bij {provider}',
  'connect.lead':
    '{provider} vraagt op een eigen pagina, op {host}, om uw toestemming en maakt dan:',
  'connect.replaces': 'Het verwijdert wat in de weg staat:',
  'connect.open': '{provider} deze records laten maken',
  'connect.prepare': 'De naam bij {provider} alleen voorbereiden',
  'connect.prepareWhy':
    'Zo komt eerst het certificaat. De naam blijft leiden waarheen hij nu leidt, tot u hem omzet.',
  'connect.byHand': 'Of maak ze met de hand, zoals hieronder staat.',
  'connect.noTemplate':
    '{provider} kent deze dienst nog niet, dus de records worden met de hand gemaakt.',
  'panel.open': 'Het DNS-paneel van {provider} openen',
  'panel.relative': 'Het naamveld neemt daar de naam zonder het domein.',
  'panel.absolute': 'Het naamveld neemt daar de volledige naam.',
  'panel.proxy': 'Naast elk record staat een schakelaar voor de proxy: laat die op “DNS only”.',
  'return.title': 'Terug van uw DNS-aanbieder',
  'return.returned':
    'Dank u. We zoeken nu naar de records van {name}. Dat duurt ongeveer een minuut.',
  'return.cancelled': 'Voor {name} is niets veranderd: u bent bij uw DNS-aanbieder gestopt.',
  'return.rejected': 'Uw DNS-aanbieder heeft de records van {name} geweigerd. Maak ze met de hand.',
  'return.unavailable':
    'Uw DNS-aanbieder heeft zelf een storing. Probeer het later, of maak de records van {name} met de hand.',
  'return.seen': 'Wat we tot nu toe zien',
  'return.holder':
    'Met deze records heeft een account van deze dienst {name} en ontvangt de bezoekers ervan.',
  'return.object':
    'Wilde u dat niet? Verwijder de records bij uw DNS-aanbieder en zeg het wie deze dienst beheert.',
  'return.owner': 'Naar het instellen van {name}',
  'return.gone.title': 'Dit adres is verlopen',
  'return.gone.text': 'Het werkt twee dagen, en alleen zolang de aanspraak op het domein bestaat.',
  'issue.SETUP_REPLACES_RECORDS': 'De DNS-aanbieder zou records vervangen',
  'issue.SETUP_NOT_APPLIED': 'De DNS-aanbieder heeft de records niet gemaakt',
  'issue.SETUP_CANCELLED': 'De records zijn niet gemaakt: het is geannuleerd',
  'issue.SETUP_REJECTED': 'De DNS-aanbieder heeft de records geweigerd',
  'issue.SETUP_KEY_UNPUBLISHED': 'Onze sleutel voor DNS-aanbieders is niet gepubliceerd',
  'why.replaces': '{provider} zou {where} verwijderen.',
  'fix.check_first': 'Ga eerst na dat niets ze meer nodig heeft.',
  'fix.again': 'Laat {provider} de records opnieuw maken, of maak ze met de hand.',
  'fix.by_hand': 'Maak de records met de hand, zoals ze hier staan.',
  'event.routing.setup_returned': 'Terug van de DNS-aanbieder',
};
