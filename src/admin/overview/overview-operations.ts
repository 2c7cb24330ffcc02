import { z } from 'zod';
import { issueSchema } from '../../api/domains/domain-answers.js';
import type { AdminOperation } from '../admin-operation.js';
import { PREFIX, regionParams } from '../admin-schemas.js';

const estimate = z.int().meta({
  description: 'An estimate: the planner’s number, minutes or more behind. No row is counted.',
});

export const GET_OVERVIEW = {
  method: 'get',
  path: `${PREFIX}/overview`,
  operationId: 'getOverview',
  summary: 'The region in numbers, and what is wrong with it',
  description: 'No table is read for it. What is under `estimates` is estimated.',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  answers: {
    200: {
      description: 'The numbers.',
      schema: z
        .object({
          region: z.string(),
          estimates: z.object({
            accounts: estimate,
            domains: estimate,
            certificates: estimate,
            secrets: estimate,
            receipts: estimate,
          }),
          holds: z.int().meta({ description: 'Holds of CAs, exact.' }),
          limited: z.int().meta({
            description: 'Limits that are used up: in the region, and in this process alone.',
          }),
          keys: z.int().meta({ description: 'Valid keys of this API, exact.' }),
          issues: z.array(issueSchema).meta({
            description:
              'What only the operator can mend and concerns the whole region, as the answering process sees it: `NAMESERVER_UNREACHABLE`.',
          }),
        })
        .meta({ id: 'Overview' }),
    },
  },
} as const satisfies AdminOperation;

export const OVERVIEW_OPERATIONS: readonly AdminOperation[] = [GET_OVERVIEW];
