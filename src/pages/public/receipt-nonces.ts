import type { Caller } from '../../auth/caller.js';
import type { Presses } from '../frame/presses.js';
import type { ReceiptNonces } from './views/receipt-page.js';

/** For the forms about a receipt, on its own page and on that of a new link. */
export function receiptNonces(presses: Presses, caller: Caller, key: string): ReceiptNonces {
  return {
    burn: presses.nonceFor(caller, { form: 'burn', key }),
    value: presses.nonceFor(caller, { form: 'value', key }),
  };
}
