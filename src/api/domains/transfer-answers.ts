import { z } from 'zod';
import { MOVE_STATES, SILENCES } from '../../domains/domain-move.js';
import { TRANSFER_DAYS, TRANSFER_STATES } from '../../domains/transfer-offer.js';

export const transferSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(TRANSFER_STATES),
    region: z.string().nullable().meta({ description: 'Of the other account; null: this one.' }),
    pair: z.object({ hostname: z.string(), goes_too: z.boolean() }).nullable().meta({
      description:
        'The other name of the pair. goes_too: it redirects to this one and goes with it; else it stays, and neither redirects to the other.',
    }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'DomainTransfer', description: 'The offer of a domain to another account.' });

export const moveSchema = z
  .object({
    id: z.uuid(),
    direction: z.enum(['in', 'out']),
    region: z.string().meta({ description: 'The other region.' }),
    state: z.enum(MOVE_STATES).meta({
      description:
        'ready_to_switch: the new region has a certificate and serves the name, so change its record. done: the old claim has ended by itself.',
    }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    heard_at: z.iso.datetime().nullable().meta({
      description: 'When the other region last said how far it is.',
    }),
    silence: z.enum(SILENCES).nullable().meta({
      description:
        'unreachable: the other region does not answer. unknown: it has no such move, as after a restore. Neither ends the move before its time.',
    }),
    silent_since: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DomainMove', description: 'The move of a name between two regions.' });

/** What one region tells another, for whom it has a code or the id of a move. */
export const moveNameAnswerSchema = z.object({ hostname: z.string() });
export const moveStateAnswerSchema = z.object({ state: z.enum(MOVE_STATES) });

/** The codes of answers that are final: a code that gives nothing, and the id of no move. */
export type MoveRefusal = 'TRANSFER_CODE' | 'MOVE_UNKNOWN';

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

export type MoveRecord = z.infer<typeof moveSchema>;
export type MoveNameAnswer = z.infer<typeof moveNameAnswerSchema>;
export type MoveStateAnswer = z.infer<typeof moveStateAnswerSchema>;
export type TransferRecord = z.infer<typeof transferSchema>;
export type NewTransferAnswer = z.infer<typeof newTransferAnswerSchema>;
export type CancelledTransferAnswer = z.infer<typeof cancelledTransferAnswerSchema>;
