import type { ExecutionContext } from '@nestjs/common';
import { Reflector, type ReflectableDecorator } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

const reflector = new Reflector();

interface Mark<Value> {
  readonly controller: object;
  readonly value: Value | undefined;
}

/**
 * Reads what a decorator says of a route: of its method, else of its controller. It is looked up once for each method: each
 * guard asks for each request, and Nest's Reflector takes a microsecond.
 */
export function routeMark<Value>(
  decorator: ReflectableDecorator<Value>,
): (context: ExecutionContext) => Value | undefined {
  const marks = new WeakMap<object, Mark<Value>>();
  return (context) => {
    const [method, controller] = [context.getHandler(), context.getClass()];
    const known = marks.get(method);
    // A method that two controllers inherit is looked up anew.
    if (known?.controller === controller) return known.value;
    const targets = [method, controller];
    const value = reflector.getAllAndOverride<Value | undefined>(decorator, targets);
    marks.set(method, { controller, value });
    return value;
  };
}

/** The request of a context. `switchToHttp()` makes three functions for each call. */
export function requestOf(context: ExecutionContext): FastifyRequest {
  return context.getArgByIndex<FastifyRequest>(0);
}

export function replyOf(context: ExecutionContext): FastifyReply {
  return context.getArgByIndex<FastifyReply>(1);
}
