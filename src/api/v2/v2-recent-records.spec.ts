import {
  ACCOUNT,
  aReceipt,
  aReceivedReceipt,
  SECRET_KEY,
} from '../../../test/fakes/sample-values.js';
import type { RecentReceipt } from '../../secrets/recent-receipts.js';
import { presentReceipt } from './v2-receipt-presenter.js';
import { V2RecentRecords } from './v2-recent-records.js';

const NOW = new Date(1_795_435_200_500);

function answerTo(receipts: readonly RecentReceipt[]): unknown {
  const records = new V2RecentRecords();
  for (const receipt of receipts) records.add(receipt);
  const parts = records.answerTo(ACCOUNT, NOW);
  return JSON.parse(
    parts.map((part) => (typeof part === 'string' ? part : Buffer.concat(part))).join(''),
  );
}

describe('the answer to recent', () => {
  it('has each record in the list of all, and in that of the pending or of the revealed', () => {
    const receipts = [aReceipt(), aReceivedReceipt()];
    const [pending, revealed] = receipts.map(presentReceipt);
    expect(answerTo(receipts)).toEqual({
      success: true,
      custid: ACCOUNT.email,
      count: 2,
      records: [pending, revealed],
      details: {
        type: 'list',
        scope: null,
        scope_label: null,
        since: 1_795_435_200 - 30 * 86_400,
        now: 1_795_435_200.5,
        has_items: true,
        revealed_receipts: [revealed],
        pending_receipts: [pending],
      },
    });
  });

  it('is whole without records, and with more than fit into one part', () => {
    expect(answerTo([])).toMatchObject({ records: [], details: { has_items: false } });
    const many = Array.from({ length: 200 }, () => aReceipt());
    expect(answerTo(many)).toMatchObject({ records: many.map(presentReceipt) });
  });

  it('has no link, even if the service gave one', () => {
    expect(JSON.stringify(answerTo([aReceipt()]))).not.toContain(SECRET_KEY);
  });
});
