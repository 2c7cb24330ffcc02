import { Reflector } from '@nestjs/core';

/**
 * Marks a route or a controller that requires an account. On a custom domain only the account that owns the domain
 * is accepted.
 */
export const AccountRequired = Reflector.createDecorator<true, true>({
  transform: () => true,
});
