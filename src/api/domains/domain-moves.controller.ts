import { Body, Controller, Get, HttpCode, Param, Post, UsePipes } from '@nestjs/common';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { codeRefused } from '../../domains/claims/transfer-offers.js';
import { DomainMoves } from '../../domains/moves/domain-moves.js';
import { DomainTransfers } from '../../domains/moves/domain-transfers.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { moveIdSchema, moveRequestSchema, type MoveRequest } from './domain-requests.js';
import { DomainRequestPipe } from './domain-request.pipe.js';
import type { MoveNameAnswer, MoveStateAnswer } from './transfer-answers.js';
import type { MoveId } from '../../domains/domain-move.js';

/** What another region asks about a move: it has the owner's code, or the id of the move, and nothing else. */
@Controller('api/domains/moves')
@RegionHostOnly()
@Scoped('domains')
@UsePipes(DomainRequestPipe)
export class DomainMovesController {
  readonly #moves: DomainMoves;

  constructor(transfers: DomainTransfers) {
    this.#moves = transfers.moves;
  }

  @Post()
  @HttpCode(200)
  @Limited('move')
  async take(
    @Body({ schema: moveRequestSchema }) { code, region, id }: MoveRequest,
  ): Promise<MoveNameAnswer> {
    const hostname =
      id === undefined
        ? await this.#moves.look(code, region)
        : await this.#moves.accept(code, region, id);
    if (hostname === null) throw codeRefused();
    return { hostname };
  }

  @Get('state/:move')
  @Limited('move')
  async state(@Param('move', { schema: moveIdSchema }) id: MoveId): Promise<MoveStateAnswer> {
    const state = await this.#moves.stateOf(id);
    if (state === null)
      throw new AppError('not_found', 'There is no such move.', { reason: 'MOVE_UNKNOWN' });
    return { state };
  }
}
