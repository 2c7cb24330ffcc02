import { Reflector } from '@nestjs/core';

/** Marks a route or a controller that exists on the region's own host only: on a custom domain it answers like an unknown path. */
export const RegionHostOnly = Reflector.createDecorator<true, true>({
  transform: () => true,
});
