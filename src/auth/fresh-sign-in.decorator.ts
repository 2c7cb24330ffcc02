import { Reflector } from '@nestjs/core';

/**
 * Marks a route that changes what protects an account: a browser must have signed in a few minutes ago. API tokens are
 * refused by `browsers only`, and accepted with their scope by `browsers`.
 */
export const FreshSignIn = Reflector.createDecorator<'browsers' | 'browsers only'>();
