import { Injectable } from '@nestjs/common';
import { Statements } from '../database/statements.js';
import { BEGIN, FORGET, OUTCOME, REFUSE } from './press-statements.js';

/** The hash that names one press of a form's button. */
export type PressMark = Buffer;

/** `begun`: it is in work, or its process has ended. The four in the middle are written with what they say. */
export type PressOutcome = 'begun' | 'opened' | 'burned' | 'created' | 'shown' | 'refused';

/** Presses in all processes of the region: one acts, the others learn what became of it (docs/decisions/0018). */
@Injectable()
export class PressStore {
  constructor(private readonly statements: Statements) {}

  /** True for the one who acts. */
  async begin(mark: PressMark): Promise<boolean> {
    return (await this.statements.run(BEGIN, [mark])).length === 1;
  }

  /** Null when nothing is known: nobody has begun, or what was begun may be tried again. */
  async outcomeOf(mark: PressMark): Promise<PressOutcome | null> {
    const [row] = await this.statements.run<{ outcome: PressOutcome }>(OUTCOME, [mark]);
    return row?.outcome ?? null;
  }

  /** Nothing was done, and nothing else would come of it now. Leaves an outcome that is written. */
  async refuse(mark: PressMark): Promise<void> {
    await this.statements.run(REFUSE, [mark]);
  }

  /** Nothing was done, and it may be tried again. Leaves an outcome that is written. */
  async forget(mark: PressMark): Promise<void> {
    await this.statements.run(FORGET, [mark]);
  }
}
