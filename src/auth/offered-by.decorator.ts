import { Reflector } from '@nestjs/core';

/** Which processes offer a route: `serve`: those that serve; `every`: each. */
export type Offer = 'serve' | 'every';

/** Marks a route or a controller that a process with GATEWAY_ROLE=serve offers. Without it only `all` and `work` do. */
export const OfferedBy = Reflector.createDecorator<Offer>();
