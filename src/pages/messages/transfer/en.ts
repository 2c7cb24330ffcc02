/** Of the pages that give a domain away, and take one. */
export const transferEn = {
  'transfer.title': 'Give to another account',
  'transfer.lead':
    'You get a code. Whoever enters it in another account within seven days has this domain.',
  'transfer.goes':
    'The certificate, the look and the rules go with it. Nothing changes in the DNS, and the name goes on serving.',
  'transfer.stays': 'Messages and receipts stay with the account that made them.',
  'transfer.ends': 'Links for your DNS administrator end.',
  'transfer.make': 'Make a code',
  'transfer.another': 'Make another code',
  'transfer.made': 'Your code. It is shown this once.',
  'transfer.code': 'Code for the other account',
  'transfer.open': 'A code can be used until {date}. Another one ends it.',
  'transfer.expired': 'The code was not used in time.',
  'transfer.cancel': 'Cancel the code',
  'transfer.unproven': 'Only a domain that is proven can be given away.',
  'receive.open': 'I have a code',
  'receive.title': 'Take a domain from another account',
  'receive.lead':
    'The owner of a domain has given you a code. Enter it, and the domain is in your account.',
  'receive.code': 'Code',
  'receive.submit': 'Take the domain',
  'receive.refused.TRANSFER_CODE':
    'This code gives no domain: it is wrong, was used or cancelled, or its time is over. Ask for a new one.',
  'receive.refused.TRANSFER_OWN': 'The domain of this code is in your account already.',
  'receive.refused.DOMAIN_LIMIT':
    'You have as many domains as your plan allows. Remove one first, then enter the code again.',
};

export type TransferMessages = Readonly<Record<keyof typeof transferEn, string>>;
