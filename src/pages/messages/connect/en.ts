/** Of the set-up by a DNS provider: what the set-up page offers, and the page that a browser comes back to. */
export const connectEn = {
  'connect.title': 'In one step, at {provider}',
  'connect.lead': '{provider} asks for your consent on its own page, at {host}, and then makes:',
  'connect.replaces': 'It removes what is in the way:',
  'connect.open': 'Let {provider} make these records',
  'connect.prepare': 'Only prepare the name at {provider}',
  'connect.prepareWhy':
    'That gets the certificate first. The name goes on leading where it leads now, until you switch it.',
  'connect.byHand': 'Or make them by hand, as shown below.',
  'connect.noTemplate':
    '{provider} does not know this service yet, so the records are made by hand.',
  'panel.open': 'Open the DNS panel of {provider}',
  'panel.relative': 'Its name field takes the name without the domain.',
  'panel.absolute': 'Its name field takes the name in full.',
  'panel.proxy': 'Beside each record is a switch for its proxy: leave it at “DNS only”.',
  'return.title': 'Back from your DNS provider',
  'return.returned': 'Thank you. We look for the records of {name} now. That takes a minute or so.',
  'return.cancelled': 'Nothing was changed for {name}: you stopped it at your DNS provider.',
  'return.rejected':
    'Your DNS provider refused to make the records of {name}. Please make them by hand.',
  'return.unavailable':
    'Your DNS provider has a fault of its own. Try again later, or make the records of {name} by hand.',
  'return.seen': 'What we see so far',
  'return.holder':
    'With these records, an account of this service holds {name} and receives its visitors.',
  'return.object':
    'Is that not what you wanted? Remove the records at your DNS provider, and tell whoever runs this service.',
  'return.owner': 'To the set-up of {name}',
  'return.gone.title': 'This address has ended',
  'return.gone.text': 'It works for two days, and only while the claim to the domain lasts.',
  'issue.SETUP_REPLACES_RECORDS': 'The DNS provider would replace records',
  'issue.SETUP_NOT_APPLIED': 'The DNS provider has not made the records',
  'issue.SETUP_CANCELLED': 'The records were not made: it was cancelled',
  'issue.SETUP_REJECTED': 'The DNS provider refused to make the records',
  'issue.SETUP_KEY_UNPUBLISHED': 'Our key for DNS providers is not published',
  'why.replaces': '{provider} would remove {where}.',
  'fix.check_first': 'Check first that nothing needs them any more.',
  'fix.again': 'Let {provider} make the records again, or make them by hand.',
  'fix.by_hand': 'Make the records by hand, as they are shown here.',
  'event.routing.setup_returned': 'Back from the DNS provider',
} as const;

export type ConnectMessages = Readonly<Record<keyof typeof connectEn, string>>;
