import { z } from 'zod';
import { openApiDocument } from './openapi-document.js';
import type { Operation } from './operation.js';

const INFO = { title: 'A test', version: '1', description: 'Nothing.' };

function documentOf(...operations: readonly Operation[]) {
  const document = openApiDocument(INFO, [
    {
      name: 'Things',
      description: 'All',
      errors: { 500: FAULT },
      bodyErrors: { 413: FAULT },
      operations,
    },
  ]);
  return JSON.parse(JSON.stringify(document)) as {
    readonly paths: Record<string, Record<string, Record<string, unknown>>>;
    readonly components: Record<string, Record<string, unknown>>;
  };
}

const FAULT = { description: 'A fault.', schema: z.object({ error: z.string() }) };
const GONE = { id: 'Gone', description: 'Gone.', schema: z.object({ error: z.string() }) };

const MAKE: Operation = {
  method: 'post',
  path: '/things',
  operationId: 'make',
  summary: 'Make a thing',
  credentials: 'required',
  scope: 'create',
  body: { schema: z.object({ count: z.int() }), isRequired: true, example: { count: 1 } },
  answers: { 200: { description: 'Made.', schema: z.object({ id: z.string() }) }, 404: GONE },
};

const SHOW: Operation = {
  method: 'get',
  path: '/things/{id}',
  aliases: ['/stuff/{id}'],
  operationId: 'show',
  summary: 'Show a thing',
  credentials: 'optional',
  params: z.object({ id: z.string() }),
  from: { id: { operationId: 'make', pointer: '/id' } },
  answers: { 200: { description: 'It.', schema: z.object({ at: z.iso.datetime() }) }, 404: GONE },
};

describe(openApiDocument, () => {
  it('says who may call an operation, and with which scope', () => {
    const { paths } = documentOf(MAKE, SHOW, {
      ...SHOW,
      path: '/open',
      operationId: 'open',
      aliases: [],
      params: z.object({}),
      from: {},
      credentials: 'none',
    });
    expect(paths['/things']?.['post']).toMatchObject({ security: [{ basic: ['create'] }] });
    expect(paths['/things/{id}']?.['get']).toMatchObject({ security: [{}, { basic: [] }] });
    expect(paths['/open']?.['get']).toMatchObject({ security: [] });
  });

  it('links an answer to the operations that take a value from it', () => {
    const { paths } = documentOf(MAKE, SHOW);
    const link = { operationId: 'show', parameters: { id: '$response.body#/id' } };
    expect(paths['/things']?.['post']).toMatchObject({
      responses: { 200: { links: { show: link } } },
    });
    expect(paths['/things']?.['post']?.['responses']).not.toHaveProperty('404.links');
  });

  it('has an alias as an operation of its own', () => {
    const { paths } = documentOf(MAKE, SHOW);
    const alias = paths['/stuff/{id}']?.['get'];
    expect(alias).toMatchObject({ operationId: 'showAlias1', summary: 'Show a thing (alias)' });
    expect(alias?.['responses']).toEqual(paths['/things/{id}']?.['get']?.['responses']);
  });

  it('has one component for an answer that operations share', () => {
    const { paths, components } = documentOf(MAKE, SHOW);
    const reference = { $ref: '#/components/responses/Gone' };
    expect(paths['/things']?.['post']).toMatchObject({ responses: { 404: reference } });
    expect(paths['/things/{id}']?.['get']).toMatchObject({ responses: { 404: reference } });
    expect(components['responses']).toMatchObject({ Gone: { description: 'Gone.' } });
  });

  it('gives each operation the errors of its group, and its own in their place', () => {
    const own = { description: 'Its own.' };
    const { paths } = documentOf({ ...MAKE, answers: { 413: own } }, { ...SHOW, from: {} });
    expect(paths['/things']?.['post']?.['responses']).toMatchObject({
      413: own,
      500: { description: 'A fault.' },
    });
    expect(Object.keys(Object(paths['/things/{id}']?.['get']?.['responses']))).toEqual([
      '200',
      '404',
      '500',
    ]);
  });

  it('forbids further fields in an answer, and does not repeat what a format says', () => {
    const text = JSON.stringify(documentOf(MAKE, SHOW));
    expect(text).toContain('{"type":"string","format":"date-time"}');
    expect(text).toContain('{"type":"integer"}');
    expect(text).toContain('"additionalProperties":false');
  });

  it.each([
    ['two operations of one id', [MAKE, { ...SHOW, operationId: 'make' }], /make twice/],
    ['two operations of one path', [MAKE, { ...SHOW, aliases: ['/things/{id}'] }], /twice/],
    ['a value from nowhere', [SHOW], /show takes id from make/],
  ] as const)('refuses %s', (_name, operations, message) => {
    expect(() => documentOf(...operations)).toThrow(message);
  });
});
