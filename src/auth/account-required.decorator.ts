import { Reflector } from '@nestjs/core';

/**
 * Marks a route or a controller that the anonymous service does not include. On a customer's domain it is for the
 * owner's account alone.
 */
export const AccountRequired = Reflector.createDecorator<true, true>({
  transform: () => true,
});
