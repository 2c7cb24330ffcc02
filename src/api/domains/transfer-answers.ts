import { z } from 'zod';
import { TRANSFER_DAYS, TRANSFER_STATES } from '../../domains/transfer-offer.js';

export const transferSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(TRANSFER_STATES),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'DomainTransfer', description: 'The offer of a domain to another account.' });

export const newTransferAnswerSchema = z.object({
  user_id: z.string(),
  transfer: transferSchema
    .extend({
      code: z.string().meta({
        description: `Whoever enters it in another account within ${TRANSFER_DAYS} days gets the domain. It is not shown again.`,
        example: 'eu-0123-4567-89ab-cdef',
      }),
    })
    .meta({ id: 'NewDomainTransfer' }),
});

export const cancelledTransferAnswerSchema = z.object({
  user_id: z.string(),
  record: z.object({}),
  message: z.string(),
});

export type TransferRecord = z.infer<typeof transferSchema>;
export type NewTransferAnswer = z.infer<typeof newTransferAnswerSchema>;
export type CancelledTransferAnswer = z.infer<typeof cancelledTransferAnswerSchema>;
