import { z } from 'zod';
import { routesOf } from '../../../test/support/route-table.js';
import { ApiModule } from '../api.module.js';
import { V2_OPERATIONS } from './v2-operations.js';

describe('the operations of API v2', () => {
  it('are all of its routes', () => {
    const routes = routesOf([ApiModule])
      .filter(({ method, path }) => path.startsWith('/api/v2/') && method !== 'OPTIONS')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const documented = V2_OPERATIONS.flatMap(({ method, path, aliases = [] }) =>
      [path, ...aliases].map((each) => `${method} ${each}`),
    );
    expect(documented.toSorted()).toEqual(routes.toSorted());
  });

  it('have a name of their own', () => {
    const names = V2_OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(V2_OPERATIONS.map((operation) => [operation.operationId, operation] as const))(
    '%s has schemas that JSON Schema can say, and an example that its schema accepts',
    (_name, { body, answers, params, query }) => {
      for (const schema of [params, query, body?.schema])
        if (schema !== undefined)
          expect(() => z.toJSONSchema(schema, { io: 'input' })).not.toThrow();
      for (const { schema } of Object.values(answers))
        if (schema !== undefined)
          expect(() => z.toJSONSchema(schema, { io: 'output' })).not.toThrow();
      if (body?.example !== undefined)
        expect(body.schema.safeParse(body.example)).toMatchObject({ success: true });
    },
  );
});
