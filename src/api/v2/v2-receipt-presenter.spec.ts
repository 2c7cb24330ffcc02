import {
  aReceipt,
  aReceivedReceipt,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../test/fakes/sample-values.js';
import { requireHostname } from '../../shared/hostname.js';
import { displayLines } from './display-lines.js';
import {
  masked,
  naturalDuration,
  presentBurned,
  presentReceipt,
  presentShown,
} from './v2-receipt-presenter.js';

const asker = { tenant: TENANT };

describe('a presented receipt', () => {
  it('has instants in seconds, with fractions where upstream has them', () => {
    const { created, updated, revealed, received } = presentReceipt(aReceivedReceipt());
    expect([created, updated]).toEqual([1_795_435_200.9, 1_795_435_210.1]);
    expect([revealed, received]).toEqual([1_795_435_260, 1_795_435_260]);
  });

  it.each([
    ['new', 'new'],
    ['viewed', 'new'],
    ['received', 'revealed'],
    ['burned', 'burned'],
    ['expired', 'expired'],
    ['orphaned', 'orphaned'],
  ] as const)('in the state %s is %s', (state, shown) => {
    expect(presentReceipt(aReceipt({ state }))).toMatchObject({
      state: shown,
      is_destroyed: shown !== 'new',
      is_viewed: false,
    });
  });

  it('has its links on its own domain', () => {
    const receipt = aReceipt({ domain: requireHostname('secrets.example.com') });
    const { record } = presentShown(receipt, null, asker);
    const origin = 'https://secrets.example.com:8443';
    expect(record).toMatchObject({
      share_url: `${origin}/secret/${SECRET_KEY}`,
      burn_url: `${origin}/receipt/${METADATA_KEY}/burn`,
      metadata_url: `${origin}/receipt/${METADATA_KEY}`,
    });
  });

  it('that is for somebody shows no link of the secret beside', () => {
    const { details } = presentShown(aReceipt({ recipients: ['fo*****@e*****.com'] }), null, asker);
    expect(details).toMatchObject({
      show_secret: true,
      show_secret_link: false,
      show_recipients: true,
    });
  });

  it('of a burned secret counts what is left of itself', () => {
    const burned = aReceipt({ state: 'burned', secretKey: null, metadataTtlSeconds: 7100 });
    expect(presentBurned(burned, asker).record).toMatchObject({
      expiration: 1_795_435_200 + 7100,
      expiration_in_seconds: 7100,
      natural_expiration: '1 hour',
    });
  });
});

it.each([
  [59, '59 seconds'],
  [1, '1 second'],
  [60, '1 minute'],
  [3600, '1 hour'],
  [86_399, '23 hours'],
  [604_800, '7 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(naturalDuration(seconds)).toBe(text);
});

it('masks by three stars', () => {
  expect(masked('fo*****@e*****.com')).toBe('fo***@e***.com');
});

it.each([
  ['', 4],
  ['one', 4],
  ['one\ntwo', 5],
  ['x'.repeat(81), 5],
  ['\n'.repeat(100), 30],
])('gives %j %d lines', (value, lines) => {
  expect(displayLines(value)).toBe(lines);
});
