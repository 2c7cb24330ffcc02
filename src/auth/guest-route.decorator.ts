import { Reflector } from '@nestjs/core';

/** Marks a route or a controller on which every caller is a guest: credentials must be valid, and then do not count. */
export const GuestRoute = Reflector.createDecorator<true, true>({
  transform: () => true,
});
