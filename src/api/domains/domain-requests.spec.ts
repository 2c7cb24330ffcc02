import { z } from 'zod';
import * as requests from './domain-requests.js';

const SCHEMAS = Object.entries(requests);

describe('the request schemas of the domain API', () => {
  it.each(SCHEMAS)(
    '%s describes its input as JSON Schema, each field in words',
    (_name, schema) => {
      const { type, description, properties } = z.toJSONSchema(schema, { io: 'input' });
      if (type !== 'object') expect(description).toEqual(expect.any(String));
      for (const field of Object.values(properties ?? {})) {
        expect(field).toMatchObject({ description: expect.any(String) });
        expect(field).toHaveProperty('type');
      }
    },
  );
});
