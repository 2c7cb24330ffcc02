import { Reflector } from '@nestjs/core';

/** What is counted by account, or without one by network. */
export type ChargedAction =
  | 'create'
  | 'open'
  | 'domain change'
  | 'domain check'
  | 'transfer code'
  | 'move'
  | 'account read'
  | 'account change'
  | 'email change'
  | 'export'
  | 'docs';

/**
 * What a route does, as far as limits are concerned. `exempt`: not even the limit of all requests counts it. `by press`:
 * the form that it takes is counted when it is acted on, once for each press.
 */
export type LimitedAction = ChargedAction | 'exempt' | 'by press';

/** Marks a route, or a controller whose routes have no mark of their own. Without it only REQUESTS counts. */
export const Limited = Reflector.createDecorator<LimitedAction>();
