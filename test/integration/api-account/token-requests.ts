import {
  newTokenAnswerSchema,
  tokensAnswerSchema,
  type TokenRecordAnswer,
} from '../../../src/api/account/account-answers.js';
import type { AccountApi, Customer, Json } from './account-api.js';

export const UNKNOWN_TOKEN = '00000000-0000-4000-8000-000000000000';

/** What the specs of tokens ask of the account's API. */
export function tokenRequestsOf(api: () => AccountApi) {
  async function create(customer: Customer, body: Json) {
    const answer = await api().send(customer, 'POST', '/tokens', { body });
    expect(answer.status).toBe(201);
    const { token, ...record } = newTokenAnswerSchema.parse(answer.json()).record;
    return { record, as: { ...customer, token } };
  }

  async function list(customer: Customer): Promise<TokenRecordAnswer[]> {
    const answer = await api().send(customer, 'GET', '/tokens');
    return tokensAnswerSchema.parse(answer.json()).records;
  }

  const idOf = async (customer: Customer, name: string): Promise<string> =>
    (await list(customer)).find((token) => token.name === name)?.id ?? '';

  return { create, list, idOf };
}
