import { Reflector } from '@nestjs/core';

/** On the routes of a controller whose path begins so, every caller is a guest: credentials must be valid, and then do not count. */
export const GuestsBelow = Reflector.createDecorator<string>();
