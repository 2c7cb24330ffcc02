import { Reflector } from '@nestjs/core';

/** Marks a route or a controller that the anonymous service does not include. */
export const AccountRequired = Reflector.createDecorator<true, true>({
  transform: () => true,
});
