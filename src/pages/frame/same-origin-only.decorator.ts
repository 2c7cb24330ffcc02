import { Reflector } from '@nestjs/core';

/** Marks a route that takes a form from a page of the same host only: see SameOriginGuard. */
export const SameOriginOnly = Reflector.createDecorator<true, true>({
  transform: () => true,
});
