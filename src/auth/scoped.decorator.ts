import { Reflector } from '@nestjs/core';
import type { TokenScope } from '../accounts/tokens/token-scope.js';

/**
 * Marks a route, or a controller whose routes have no mark of their own, with the scope that it needs of a caller who
 * signs in by an API token; `any`: none in particular. Anonymous callers are not concerned. Every route has a mark:
 * without one it refuses tokens.
 */
export const Scoped = Reflector.createDecorator<TokenScope | 'any'>();
