import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { brandAnswerSchema, brandSchema } from './domain-brand-requests.js';
import { extidSchema } from './domain-requests.js';

const COMMON = {
  path: '/api/domains/{id}/brand',
  credentials: 'required',
  scope: 'domains',
  params: z.object({ id: extidSchema }),
  from: { id: { operationId: 'claimDomain', pointer: '/record/id' } },
  answers: { 200: { description: 'The brand.', schema: brandAnswerSchema } },
} as const;

/** How a domain looks and what it says. */
export const BRAND_OPERATIONS: readonly Operation[] = [
  {
    ...COMMON,
    method: 'get',
    operationId: 'getDomainBrand',
    summary: 'Show how the domain looks and what it says',
  },
  {
    ...COMMON,
    method: 'put',
    operationId: 'setDomainBrand',
    summary: 'Set how the domain looks and what it says',
    description:
      'A field that is absent stays as it is; null removes it. Colours in which people could not read something (WCAG AA) are refused with code CONTRAST, and `suggestion` is the nearest colour that passes.',
    body: {
      schema: brandSchema,
      isRequired: true,
      example: { brand: { product_name: 'Example Vault', primary_color: '#7A1F5C' } },
    },
  },
];
