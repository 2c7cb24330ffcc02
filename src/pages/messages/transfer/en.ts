/** Of the pages that give a domain away, and take one. */
export const transferEn = {
  'transfer.title': 'Give to another account',
  'transfer.lead':
    'You get a code. Whoever enters it in another account within seven days has this domain.',
  'transfer.goes':
    'The certificate, the look and the rules go with it. Nothing changes in the DNS, and the name goes on serving.',
  'transfer.pair.goes': '{other}, which leads here, goes with it to an account of this region.',
  'transfer.pair.parts': 'This name leads to {other}. Given away, it does so no more.',
  'transfer.stays': 'Messages and receipts stay with the account that made them.',
  'transfer.ends': 'Links for your DNS administrator end.',
  'transfer.elsewhere':
    'In another region the name gets a certificate of its own, and look and rules stay here. Then you change a record; the page of the domain says when.',
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
    'Your plan has no room for it; a pair of names needs two places. Remove a domain first, then enter the code again.',
  'transfer.region': 'Where the other account is',
  'transfer.here': 'This region ({region})',
  'move.out.preparing':
    'Moving to the region {region}: the name gets its certificate there first. Change no record yet.',
  'move.out.ready_to_switch':
    'Ready to switch: the region {region} serves the name. Change its routing record to the one that the page of the domain shows there.',
  'move.out.switched':
    'The name leads to the region {region}. This claim ends by itself when it has done so for two days. Links made here open on this region’s own host.',
  'move.in.preparing':
    'Coming from the region {region}: the name gets its certificate here first. Change no record yet.',
  'move.in.ready_to_switch':
    'Ready to switch: this region serves the name. Change the routing record as shown below.',
  'move.in.switched':
    'The name leads here. Its claim in the region {region} ends by itself two days later.',
  'move.cancel': 'Cancel the move',
  'receive.refused.REGION_UNREACHABLE':
    'The account in the other region could not be reached for this code. Wait a moment, then enter it again.',
  'receive.refused.CONFLICT_OTHER_CLAIM': 'Another account of this region has proven this name.',
  'receive.refused.MOVE_OPEN':
    'This name is moving between two regions already. The code counts when that has ended, or one of the two sides has cancelled it.',
};

export type TransferMessages = Readonly<Record<keyof typeof transferEn, string>>;
