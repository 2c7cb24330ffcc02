import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { COMMAND_LINE, type Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import type { Domain } from '../domain.js';
import type { DomainEntity } from '../domain.entity.js';
import type { PairMember } from '../domain-name.js';
import { secondAmong } from './competing-claims.js';
import { giveClaim, lockForTransfer, type Receiver } from './give-claim.js';

type ClaimKey = Pick<DomainEntity, 'id'> & PairMember;

/**
 * The operator moves a proven claim to another account of the region, see giveClaim(). What its former owner chose for its
 * pages does not go with it.
 */
@Injectable()
export class DomainTransfer {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns the second name of the pair that went too, if any. Does nothing when the receiver has the domain already: then
   * it is the one that the receiver has. Throws AppError `not_found` for a removed claim and for an account
   * that is being removed, and as giveClaim().
   */
  transfer(
    { id, ...name }: ClaimKey,
    receiver: Receiver,
    actor: Actor = COMMAND_LINE,
  ): Promise<Domain | null> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockForTransfer(manager, name, receiver.accountId, actor);
      const own = claims.find((claim) => claim.id === id);
      if (own === undefined) throw new AppError('not_found', 'Domain not found');
      if (own.accountId === receiver.accountId) return secondAmong(claims, own) ?? null;
      const actors = { giver: actor, receiver: actor };
      return giveClaim(manager, claims, own, { receiver, actors, keepsChoices: false });
    });
  }
}
