import { Reflector } from '@nestjs/core';

/** Marks what customers' own domains do not have: there it is answered like any path that does not exist. */
export const RegionHostOnly = Reflector.createDecorator<true, true>({
  transform: () => true,
});
