import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';

/** One route as Nest registers it. */
export interface Route {
  readonly method: string;
  /** `/api/v1/secret/:key`, as it stands in logs and metrics. */
  readonly path: string;
  readonly controller: Type;
  readonly handler: object;
}

/** Every route of the controllers of these modules, from the metadata that Nest routes by. */
export function routesOf(modules: readonly Type[]): Route[] {
  return modules
    .flatMap((module) => (Reflect.getMetadata('controllers', module) as Type[] | undefined) ?? [])
    .flatMap((controller) => controllerRoutes(controller));
}

function controllerRoutes(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    // The constructor is the controller, which has a path too.
    const handler = name === 'constructor' ? undefined : prototype[name];
    const paths = handler === undefined ? undefined : pathsOf(handler);
    if (handler === undefined || paths === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
    const bases = pathsOf(controller) ?? [''];
    return bases.flatMap((base) =>
      paths.map((path) => ({ method, path: joined(base, path), controller, handler })),
    );
  });
}

function pathsOf(target: object): string[] | undefined {
  const path = Reflect.getMetadata('path', target) as string | string[] | undefined;
  return path === undefined ? undefined : [path].flat();
}

function joined(base: string, path: string): string {
  const parts = [base, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
