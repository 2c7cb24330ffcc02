import { z } from 'zod';
import { routesOf } from '../../../test/support/route-table.js';
import { ApiModule } from '../api.module.js';
import { ACCOUNT_OPERATIONS } from './account-operations.js';
import * as requests from './account-requests.js';

describe('ACCOUNT_OPERATIONS', () => {
  it('are the routes of the account API', () => {
    const routes = routesOf([ApiModule])
      .filter(({ path }) => path.startsWith('/api/account'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const documented = ACCOUNT_OPERATIONS.map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    );
    expect(documented.toSorted()).toEqual(routes.toSorted());
  });

  it.each(ACCOUNT_OPERATIONS.map((operation) => [operation.operationId, operation] as const))(
    '%s has an example that its schema accepts, and answers as JSON Schema',
    (_, { body, answers }) => {
      if (body !== undefined) expect(body.schema.safeParse(body.example).success).toBe(true);
      for (const { schema } of Object.values(answers))
        if (schema !== undefined)
          expect(jsonSchemaOf(schema, 'output')).toHaveProperty('type', 'object');
    },
  );

  it.each(Object.entries(requests))('%s describes each field in words', (_name, schema) => {
    if (!(schema instanceof z.ZodType)) return;
    const { type, description, properties } = jsonSchemaOf(schema, 'input');
    if (type !== 'object') expect(description).toEqual(expect.any(String));
    for (const field of Object.values(properties ?? {}))
      expect(field).toMatchObject({ description: expect.any(String) });
  });
});

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $ref, $defs, ...whole } = z.toJSONSchema(schema, { io });
  // A schema with an id stands in $defs.
  return $defs?.[$ref?.replace('#/$defs/', '') ?? ''] ?? whole;
}
