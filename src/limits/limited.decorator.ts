import { Reflector } from '@nestjs/core';

/** What a route does, as far as limits are concerned. `exempt`: not even the limit of all requests counts it. */
export type LimitedAction =
  | 'create'
  | 'open'
  | 'domain change'
  | 'domain check'
  | 'account read'
  | 'account change'
  | 'email change'
  | 'export'
  | 'exempt';

/** Marks a route, or a controller whose routes have no mark of their own. Without it only REQUESTS counts. */
export const Limited = Reflector.createDecorator<LimitedAction>();
